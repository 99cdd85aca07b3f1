import pino, { type Logger } from 'pino';

/** Lines that a full disk did not take. */
const MOST_UNWRITTEN_BYTES = 1024 * 1024;

/** The log of one thread: a JSON object on each line of the standard error, from `level` on. */
export function createLog(level: string): Logger {
  // A full disk under the log is no reason to stop taking pings, nor to keep what could not be written for ever.
  const lines = pino.destination({ dest: 2, sync: true, maxLength: MOST_UNWRITTEN_BYTES });
  lines.on('error', () => {});
  // Each line is written as it comes; a flush would try again until there is room, and hold the thread for so long.
  lines.flushSync = () => {};
  return pino({ level }, lines);
}
