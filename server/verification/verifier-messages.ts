import type { Sight } from '../mentions/mention.ts';
import type { Topic } from '../topics/topic.ts';
import type { DryRun } from './dry-run.ts';
import type { PutOff } from './visit.ts';

/** What a hub tells the thread that looks for it. */
export type ToVerifier =
  | { kind: 'start' }
  /** Something may be due. */
  | { kind: 'wake' }
  | { kind: 'try'; question: number; url: string; topic: Topic; sender: string | null }
  /** Claims nothing more, and says so when the looks under way are settled. */
  | { kind: 'stop' }
  /** Lets go of everything, says so, and ends. */
  | { kind: 'close' };

/** What that thread tells its hub. */
export type FromVerifier =
  | { kind: 'settled'; saw: Sight['saw'] | null; changed: string | null }
  | { kind: 'tried'; question: number; found: DryRun | PutOff }
  /** Why not, and whether that is because the store is away. */
  | { kind: 'not-tried'; question: number; why: string; away: boolean }
  | { kind: 'stopped' }
  | { kind: 'closed' };
