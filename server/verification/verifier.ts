import type { Logger } from 'pino';
import type { Sight } from '../mentions/mention.ts';
import type { SourceRules } from '../mentions/source-key.ts';
import type { Judge } from '../moderation/judge.ts';
import { createPermit, type PermitNeeds } from '../net/permit.ts';
import { ANSWER_MS, SILENT_MS, withDeadline } from '../storage/deadline.ts';
import { newId, type Random } from '../storage/new-id.ts';
import { restAfter } from '../storage/rest.ts';
import type { Storage } from '../storage/storage.ts';
import { createTopicAt, type Sites, targetKeys } from '../topics/targets.ts';
import type { Topic } from '../topics/topic.ts';
import { createTryLook, type TryLook } from './dry-run.ts';
import { createLookThreads } from './look-threads.ts';
import type { Chance } from './spread.ts';
import { createOpenVisit } from './visit.ts';
import { createWhoAsked } from './who-asked.ts';
import { createWorker, type Worker } from './worker.ts';

/** All that looks at posts, wherever it runs: in the thread of those who ask, or in one of its own. */
export interface Verifier {
  worker: Pick<Worker, 'start' | 'wake' | 'stop'>;
  /** A look at the source with this key is owed, to this sender; null: nobody is to be named to the site. */
  owed: (key: string, sender: string | null) => void;
  tryLook: TryLook;
  /** Ends its threads; the worker has stopped before. */
  close: () => Promise<void>;
}

/** Told what a look saw, if anybody looked, and which topic's public list changed by it. */
export type Settled = (saw: Sight['saw'] | null, changed: string | null) => void;

/** Its clock is the store's. */
export interface VerifierNeeds extends Omit<PermitNeeds, 'allow' | 'ports'> {
  storage: Storage;
  sites: Sites;
  rules: SourceRules;
  userAgent: string;
  judge: Judge;
  random: Random;
  chance: Chance;
  settled: Settled;
  log: Logger;
}

/** How long the worker waits for the store; it has time. */
const SETTLE_MS = 10_000;
/** How soon a worker finds what another process took. */
const SHARED_NAP_MS = 250;
/** A ping is not to stand behind 64 looks that come to the database together. */
const SHARED_AT_ONCE = 16;
/** Others want the database, too. */
const sharedRestMs = (tookMs: number) => Math.max(20, restAfter(tookMs));
/** Alone, it is told; but not by a command that wants a look. */
export const LONE_NAP_MS = 30_000;
/** One alone reads slower than a connection brings pages; each is as nice as it can be to everyone else. */
const LOOKER_THREADS = 2;

/** Builds the worker, its looker threads and the guard in front of them. Nothing runs before `worker.start`. */
export function createVerifier(needs: VerifierNeeds): Verifier {
  const { storage, sites, rules, userAgent, judge, random, chance, settled, log } = needs;
  const { now } = storage;
  const { allow } = rules;
  const unhurried = withDeadline(storage, SETTLE_MS);
  const hurried = withDeadline(storage, ANSWER_MS, SILENT_MS);
  const permit = createPermit({ ...needs, ...rules });
  const { hop, close } = createLookThreads({
    threads: LOOKER_THREADS,
    broke: reason => log.warn({ err: reason }, 'a looker thread broke, and is replaced'),
    userAgent,
  });
  const whoAsked = createWhoAsked({ now });
  const targetsOf = (topic: Topic, mentionId: string) => targetKeys(sites, topic, mentionId);

  const worker = createWorker({
    ...unhurried,
    ...(storage.shared
      ? { longestNapMs: SHARED_NAP_MS, restMs: sharedRestMs, mostAtOnce: SHARED_AT_ONCE }
      : { longestNapMs: LONE_NAP_MS }),
    openVisit: createOpenVisit({ visits: unhurried.visits, hop, permit, allow }),
    targetsOf,
    topicAt: createTopicAt({ sites, ...unhurried }),
    rules,
    whoAsked,
    judge,
    chance,
    now,
    settled: ({ topicId }, saw, visible) => settled(saw, visible ? topicId : null),
    log,
  });

  return {
    worker,
    owed(key, sender) {
      whoAsked.remember(key, sender);
      worker.wake();
    },
    tryLook: createTryLook({
      openVisit: createOpenVisit({ visits: hurried.visits, hop, permit, allow, once: true }),
      newToken: () => newId(random),
      targetsOf,
      topicAt: createTopicAt({ sites, ...hurried }),
      rules,
      now,
    }),
    close,
  };
}
