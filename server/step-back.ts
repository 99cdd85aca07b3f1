import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** About a tenth of a processor that others want, all of one that nobody does. */
const NICENESS = 10;
/** Linux lets one session be weighed each 100 ms, whoever asks, and two workers may start at once. */
const TRIES = 5;
const AGAIN_MS = 110;

/**
 * Lets this process stand behind the others of its machine: one that only looks has time, while readers, pings and the
 * database that answers them have not. Linux may weigh processes by session (sched(7), autogroup), so that niceness
 * counts within one only; then the session's own is set, too, if it is this process' own. Never raises a priority, and
 * never fails: where the system does not let it, or weighs by service, the operator may (docs/scaling.md).
 */
export async function stepBack(): Promise<void> {
  try {
    for (const thread of process.platform === 'linux' ? readdirSync('/proc/self/task') : ['0'])
      setPriority(Number(thread), Math.max(NICENESS, getPriority(Number(thread))));
    if (sessionId() === process.pid && sessionNiceness() < NICENESS) await weighSession();
  } catch {
    // It stays where it is.
  }
}

/** `/proc/self/stat` has it in the fourth place after the name in brackets (proc_pid_stat(5)). */
function sessionId(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
}

function sessionNiceness(): number {
  return Number(readFileSync('/proc/self/autogroup', 'utf8').split('nice ')[1]);
}

async function weighSession(): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return writeFileSync('/proc/self/autogroup', String(NICENESS));
    } catch (error) {
      if (tried === TRIES || (error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await pause(AGAIN_MS, undefined, { ref: false });
    }
  }
}
