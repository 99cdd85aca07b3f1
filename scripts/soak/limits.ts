/** How often one post may be sent through one door within the window: as often as a sender of ours tries. */
export const MOST_OF_PAIR = 20;

/**
 * The limits a run has at its doors: all of them count, and are far above what the senders do together from their one
 * address, but for one that a flood of one post goes beyond.
 */
export const LIMITS = {
  RATE_LIMITS: 'on',
  LIMIT_SENDER: '100000/60',
  LIMIT_SITE: '100000/60',
  LIMIT_TOPIC: '100000/60',
  LIMIT_PAIR: `${MOST_OF_PAIR}/30`,
} as const;
