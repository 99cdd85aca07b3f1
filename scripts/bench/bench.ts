import type { Figure } from './figures.ts';
import type { Stage } from './stage.ts';

/** What every measure is handed. */
export interface Bench {
  stage: Stage;
  /** Tells whoever waits what is being done, on standard error. */
  say: (what: string) => void;
  /** How many pairs of runs a figure is the median of. */
  rounds: number;
  /** How many entries the big topic has. */
  entries: number;
  /** The server for the measures on MongoDB; null: they are left out. */
  mongodbUri: string | null;
}

/** One of the measures; rejects when it could not be run. */
export type Measure = (bench: Bench) => Promise<Figure[]>;

/** Runs two things in turn, so that both see the same moods of the machine; the first pair only warms up. */
export async function inTurn<First, Second>(
  { rounds, say }: Pick<Bench, 'rounds' | 'say'>,
  what: string,
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second][]> {
  const pairs: [First, Second][] = [];
  for (let round = 0; round <= rounds; round++) {
    say(round === 0 ? `${what}: warming up` : `${what}: round ${round} of ${rounds}`);
    const pair: [First, Second] = [await first(), await second()];
    if (round > 0) pairs.push(pair);
  }
  return pairs;
}
