import type { Logger } from 'pino';
import type { Refusals } from './refusals.ts';

const KEPT_DAYS = 90;
const EVERY_MS = 24 * 60 * 60 * 1000;

/** Deletes once a day, and at the start, what is kept for 90 days only. */
export function createHousekeeping({ refusals, log }: { refusals: Pick<Refusals, 'purge'>; log: Logger }) {
  let timer: NodeJS.Timeout | undefined;

  async function tidy(): Promise<void> {
    try {
      const deleted = await refusals.purge(KEPT_DAYS);
      if (deleted > 0) log.info({ deleted }, 'old refusals deleted');
    } catch (error) {
      log.error({ err: error }, 'old refusals could not be deleted');
    }
  }

  return {
    start() {
      void tidy();
      timer = setInterval(tidy, EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}
