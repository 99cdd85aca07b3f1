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

/** Forgets once a day, and at the start, what is kept for 90 days only. */
export function createHousekeeping({ refusals, mentions, log }: HousekeepingNeeds) {
  let timer: NodeJS.Timeout | undefined;

  async function tidy(what: string, done: string, { purge }: Pick<Refusals, 'purge'>): Promise<void> {
    try {
      const count = await purge(KEPT_DAYS);
      if (count > 0) log.info({ count }, `old ${what} ${done}`);
    } catch (error) {
      log.error({ err: error }, `old ${what} could not be ${done}`);
    }
  }

  function tidyAll(): void {
    void tidy('refusals', 'deleted', refusals).then(() =>
      tidy('records', 'deleted, or emptied of their histories', mentions),
    );
  }

  return {
    start() {
      tidyAll();
      timer = setInterval(tidyAll, EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}
