import type { Mention } from '../mentions/mention.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import type { FoundRow } from './near-miss.ts';
import type { Said } from './say.ts';

/**
 * What is known of a post when its receipt is written: its record, read at the moment `now`, and what that names,
 * read right after it.
 */
export interface Known {
  mention: Mention;
  topic: Topic;
  /** The mention that this one was merged into. */
  into: Mention | null;
  /** The topic that the post links to instead of its own. */
  otherTopic: Topic | null;
  /** When the post may be looked at again by the button; null for now. */
  lookableAt: number | null;
  now: number;
  urls: Urls;
}

/** `ok` done, `wait` under way, `stop` failed, `none` not reached; always said in words beside it. */
export type State = 'ok' | 'wait' | 'stop' | 'none';

/** One of the five steps of a ping. `at` is epoch milliseconds. */
export interface Step {
  name: string;
  state: State;
  word: string;
  at: number | null;
  text: Said;
  rows: FoundRow[];
}

/** The one loud word of a page. */
export interface Stamp {
  word: string;
  state: State;
}
