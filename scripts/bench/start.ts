import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, inTurn, type Measure } from './bench.ts';
import { figure } from './figures.ts';
import { residentMiB } from './processes.ts';

/** What a process that has nothing to do takes until it has come to rest. */
const REST_MS = 2_000;

/** The second start to the line that says it listens, to bare Node from start to end; and the memory at rest. */
export const start: Measure = async bench => {
  const dataDir = bench.stage.folder();
  const memory: number[] = [];
  const startHub = async () => {
    const hub = await bench.stage.hub(dataDir);
    await pause(REST_MS);
    memory.push(residentMiB(hub.pid) ?? Number.NaN);
    await hub.stop();
    return hub.startedInMs;
  };
  // The first start, which fills the compile cache and makes the store, is the one that warms up.
  const pairs = await inTurn(bench, 'start', startHub, () => bareNode(bench));
  return [
    figure(
      'second start to listening, to bare Node',
      'ratio',
      pairs.map(([ours, bare]) => ours / bare),
      { atMost: 5 },
    ),
    figure(
      'second start to listening',
      'ms',
      pairs.map(([ours]) => ours),
    ),
    figure(
      'bare Node (node -e 0)',
      'ms',
      pairs.map(([, bare]) => bare),
    ),
    ...(memory.some(Number.isNaN)
      ? []
      : [figure('memory at rest (VmRSS)', 'MiB', memory.slice(1), { atMost: 110 })]),
  ];
};

async function bareNode({ stage }: Bench): Promise<number> {
  const begun = performance.now();
  await stage.node(['-e', '0']);
  return performance.now() - begun;
}
