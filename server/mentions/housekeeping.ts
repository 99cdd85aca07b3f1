import type { Logger } from 'pino';
import { KEPT_DAYS } from './history.ts';
import type { Mentions } from './mentions.ts';
import type { Refusals } from './refusals.ts';

const EVERY_MS = 24 * 60 * 60 * 1000;

export interface HousekeepingNeeds {
  refusals: Pick<Refusals, 'purge'>;
  mentions: Pick<Mentions, 'purge'>;
  log: Logger;
}

/** Deletes once a day, and at the start, what is kept for 90 days only. */
export function createHousekeeping({ refusals, mentions, log }: HousekeepingNeeds) {
  let timer: NodeJS.Timeout | undefined;

  async function tidy(what: string, { purge }: { purge: (days: number) => Promise<number> }): Promise<void> {
    try {
      const deleted = await purge(KEPT_DAYS);
      if (deleted > 0) log.info({ deleted }, `old ${what} deleted`);
    } catch (error) {
      log.error({ err: error }, `old ${what} could not be deleted`);
    }
  }

  function tidyAll(): void {
    void tidy('refusals', refusals).then(() => tidy('records', mentions));
  }

  return {
    start() {
      tidyAll();
      timer = setInterval(tidyAll, EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}
