import type { Logger } from 'pino';
import type { ReadTarget, TargetMiss } from '../topics/targets.ts';
import type { Address, Claim, Deadline, Receive, Taken } from './receive.ts';

/** What became of a ping that names its topic by an address; `miss`: no topic is there. */
export type TakenAt = Taken | { miss: TargetMiss };

/** Where such a ping came in. */
export interface TargetAddress extends Omit<Address, 'topic'> {
  target: string;
}

export type ReceiveAt = (claim: Claim, at: TargetAddress) => Promise<TakenAt>;

/**
 * The way in for the doors that have one address for all topics: the ping says what it links to. One whose
 * target is no topic's is refused and noted like any other; its door says what the target was instead.
 */
export function createReceiveAt(needs: {
  receive: Receive;
  readTarget: ReadTarget;
  deadline: Deadline;
  log: Logger;
}): ReceiveAt {
  const { receive, readTarget, deadline, log } = needs;

  return async (claim, { target, ...door }) => {
    const read = await deadline(readTarget(target), door.until).catch((error: unknown) => {
      log.error({ err: error }, 'the target of a ping could not be looked up');
      return null;
    });
    if (!read) return receive('store-away', { topic: '', ...door });
    if ('slug' in read) return receive({ ...claim, target }, { topic: read.slug, ...door });
    const taken = await receive({ ...claim, target }, { topic: '', ...door });
    return 'refusal' in taken && taken.refusal === 'unknown-topic' ? read : taken;
  };
}
