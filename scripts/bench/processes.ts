import { readFileSync } from 'node:fs';

/** A tick of the kernel's accounts; 100 a second on every Linux that Node runs on (USER_HZ). */
const TICK_MS = 10;

/**
 * The processor time a process has used in all its threads so far, in milliseconds, by the account of the
 * operating system. Null where there is no /proc.
 */
export function cpuMsOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command's name stands in brackets and may hold anything; what follows it begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The memory a process occupies now (VmRSS), in MiB. Null where there is no /proc. */
export function residentMiB(pid: number): number | null {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
