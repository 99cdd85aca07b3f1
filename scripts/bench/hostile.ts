import type { Measure } from './bench.ts';
import { type Figure, figure } from './figures.ts';
import type { Reading } from './read-hostile.ts';

/** How many of the pages are named besides the worst. */
const NEXT_WORST = 3;

/** What reading a hostile page of 1 MiB costs at most: the page with the highest median, and those behind it. */
export const hostile: Measure = async ({ stage, say, rounds }) => {
  const reader = await stage.helper<null, 'read', Reading[]>('read-hostile.ts', null);
  const byName = new Map<string, number[]>();
  // The first round counts too: a looker that was just started reads no faster.
  for (let round = 1; round <= rounds; round++) {
    say(`hostile pages: round ${round} of ${rounds}`);
    for (const { name, cpuMs } of await reader.ask('read')) {
      byName.set(name, [...(byName.get(name) ?? []), cpuMs]);
    }
  }
  await reader.stop();
  const worst = [...byName]
    .map(
      ([name, times]): Figure => figure(`hostile page, 1 MiB of ${name}: CPU`, 'ms', times, { atMost: 150 }),
    )
    .sort((a, b) => b.value - a.value);
  return worst.slice(0, 1 + NEXT_WORST);
};
