import type { Trouble } from '../mentions/mention.ts';
import type { HopAnswer, HopRequest } from './hop.ts';

/** What the worker's thread tells a looker thread. */
export type ToThread =
  | { kind: 'hop'; job: number; request: HopRequest }
  | { kind: 'permitted'; question: number; addresses: string[] }
  | { kind: 'refused'; question: number; trouble: Trouble; message: string }
  | { kind: 'are-you-there' };

/** What a looker thread tells the worker's. */
export type FromThread =
  /** From here to the answer the thread does nothing else, and should not take long. */
  | { kind: 'reading'; job: number }
  | { kind: 'answer'; job: number; answer: HopAnswer }
  /** Something of ours failed over this job; the thread may be in any state. */
  | { kind: 'fault'; job: number; reason: string }
  /** May I connect, and where to? The guard lives in the worker's thread. */
  | { kind: 'may-i'; job: number; question: number; host: string; port: number }
  /** The connection of a job went to this one of its permitted addresses. */
  | { kind: 'reached'; job: number; address: string }
  | { kind: 'here' };
