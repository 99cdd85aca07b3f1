import type { Mention, Shown } from '../mentions/mention.ts';
import type { Known, Step } from './explained.ts';
import { type Next, nextOf } from './next.ts';
import { stepsOf } from './steps.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Everything a receipt says in words; what it shows besides stands in the record itself. */
export interface Explained extends Verdict {
  known: Known;
  steps: Step[];
  next: Next;
}

/**
 * What became of a ping, for its author: from one record, read at one moment, to the words of the receipt. All
 * of it is decided here, so that receipt, JSON and "Where is my ping?" cannot disagree.
 */
export function explain(known: Known): Explained {
  const verdict = verdictOf(known);
  const steps = stepsOf(known);
  return {
    ...verdict,
    known,
    // What was taken down is not quoted either.
    steps: known.mention.status === 'removed' ? steps.map(step => ({ ...step, rows: [] })) : steps,
    next: nextOf(known, verdict.situation),
  };
}

/** What readers see of a post, or will; null where that is nothing, or is nobody's business any more. */
export function shownOf({ status, shown }: Mention): Shown | null {
  return status === 'removed' || status === 'junk' ? null : shown;
}
