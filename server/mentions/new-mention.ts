import { withDoor } from './doors.ts';
import { withEvent } from './history.ts';
import type { DoorUse, HistoryEvent, Mention } from './mention.ts';
import type { TakenPing } from './mentions.ts';

/** The mention that the first pings of a post make, all of which came at one moment; the last one's words count. */
export function newMention(id: string, pings: readonly TakenPing[], at: number): Mention {
  const { topicId, key, sourceUrl, site, claim, said } = pings.at(-1) as TakenPing;
  return {
    id,
    topicId,
    key,
    sourceUrl,
    site,
    claim,
    said,
    status: 'pending',
    doors: pings.reduce<DoorUse[]>((doors, { via }) => withDoor(doors, via, at), []),
    history: pings.reduce<HistoryEvent[]>(
      (events, { via }) => withEvent(events, { at, kind: 'pinged', via }),
      [],
    ),
    firstPingAt: at,
    lastPingAt: at,
    due: at,
    finalUrl: null,
    listedKey: null,
    mergedInto: null,
    page: null,
    shown: null,
    evidence: null,
    listedAt: null,
    tries: 0,
    attempts: 0,
    failing: null,
    rest: null,
  };
}
