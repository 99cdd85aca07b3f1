import { type Load, load } from './load.ts';
import { cpuMsOf } from './processes.ts';

/** What a server did under load: answers per second, and what each cost its process in processor time. */
export interface Run {
  perSecond: number;
  /** In microseconds; null where there is no /proc. */
  cpuMicros: number | null;
}

/** Puts a server under load and asks the operating system what that cost its process. */
export async function runLoad(pid: number, asked: Load): Promise<Run> {
  const before = cpuMsOf(pid);
  const { answers, seconds } = await load(asked);
  const after = cpuMsOf(pid);
  return {
    perSecond: answers / seconds,
    cpuMicros: before === null || after === null ? null : ((after - before) * 1_000) / answers,
  };
}

/** Throughputs of the first to the second of each pair. */
export function rates(pairs: readonly [Run, Run][]): number[] {
  return pairs.map(([ours, raw]) => ours.perSecond / raw.perSecond);
}

/** Processor time per answer of the first to the second of each pair; empty where there is no /proc. */
export function costs(pairs: readonly [Run, Run][]): number[] {
  return pairs.flatMap(([ours, raw]) =>
    ours.cpuMicros === null || !raw.cpuMicros ? [] : [ours.cpuMicros / raw.cpuMicros],
  );
}
