/** What a line of performance.md asks of a value. */
export type Target = { atLeast: number } | { atMost: number };

/** One line of the report: the median of its rounds, and what it should be. */
export interface Figure {
  name: string;
  unit: 'ratio' | 'µs' | 'ms' | 'MiB' | '/s';
  value: number;
  min: number;
  max: number;
  rounds: number;
  /** Null: printed for comparison only. */
  target: Target | null;
  /** Null where there is no target. */
  holds: boolean | null;
}

/** A figure from the values of its rounds. Throws when there are none. */
export function figure(
  name: string,
  unit: Figure['unit'],
  values: readonly number[],
  target: Target | null = null,
): Figure {
  if (values.length === 0) throw new Error(`nothing was measured for: ${name}`);
  const sorted = values.toSorted((a, b) => a - b);
  const value = quantile(sorted, 0.5);
  return {
    name,
    unit,
    value,
    min: sorted[0] as number,
    max: sorted.at(-1) as number,
    rounds: values.length,
    target,
    holds: target && ('atLeast' in target ? value >= target.atLeast : value <= target.atMost),
  };
}

/** The value below which a share of the sorted values lies; between two of them for the median of an even number. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return low + (high - low) * (place - Math.floor(place));
}

/** A figure as one line of text, in columns. */
export function lineOf({ name, unit, value, min, max, target, holds }: Figure): string {
  const asked = target && ('atLeast' in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`);
  const verdict = holds === null ? '' : holds ? 'holds' : 'DOES NOT HOLD';
  const range = `(${written(min)} to ${written(max)})`;
  const columns = [name.padEnd(66), written(value).padStart(8), unit.padEnd(5), range.padEnd(20)];
  return [...columns, (asked ?? '').padEnd(8), verdict].join(' ').trimEnd();
}

function written(value: number): string {
  return value >= 1_000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
