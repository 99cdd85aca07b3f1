import type { DoorUse, NearMiss, Shown, Status } from '../mentions/mention.ts';
import { isoTime } from '../web/helpers.ts';
import { type Explained, shownOf } from './explain.ts';
import type { State } from './explained.ts';
import { plain } from './say.ts';

/** A receipt for programs (interfaces.md 1, "JSON forms"); all times are ISO 8601 in UTC. */
export interface ReceiptJson {
  id: string;
  status: Status;
  /** The topic's slug. */
  topic: string;
  source: string;
  finalUrl: string | null;
  doors: { via: DoorUse['via']; at: string }[];
  shown: Shown | null;
  steps: { name: string; state: string; at: string | null; text: string }[];
  /** As `NearMiss` has it; of another topic the slug. */
  nearestMiss: {
    kind: NearMiss['kind'];
    address?: string;
    sentence?: string | null;
    topic?: string | null;
  } | null;
  nextLook: string | null;
}

const STATES: Readonly<Record<State, string>> = {
  ok: 'done',
  wait: 'waiting',
  stop: 'failed',
  none: 'not-reached',
};

/** The same words and times as on the page. */
export function receiptJson({ known, steps }: Explained): ReceiptJson {
  const { mention, topic, otherTopic } = known;
  const { id, status, sourceUrl, finalUrl, evidence, doors, due } = mention;
  return {
    id,
    status,
    topic: topic.slug,
    source: sourceUrl,
    finalUrl: finalUrl ?? evidence?.finalUrl ?? null,
    doors: doors.map(({ via, at }) => ({ via, at: isoTime(at) })),
    shown: shownOf(mention),
    steps: steps.map(({ name, state, word, at, text }) => ({
      name,
      state: STATES[state],
      at: at === null ? null : isoTime(at),
      text: [`${word}.`, plain(text)].join(' ').trim(),
    })),
    nearestMiss:
      evidence?.miss && status === 'unlinked' ? missJson(evidence.miss, otherTopic?.slug ?? null) : null,
    nextLook: due === null ? null : isoTime(due),
  };
}

function missJson(miss: NearMiss, otherTopic: string | null): ReceiptJson['nearestMiss'] {
  if (miss.kind !== 'other-topic') return miss;
  const { kind, address, sentence } = miss;
  return { kind, address, sentence, topic: otherTopic };
}
