import type { DatabaseSync } from 'node:sqlite';
import type { OpenNeeds } from '../storage.ts';
import type { Write } from './writer.ts';

/** What the files of this room share. */
export interface Parts extends Pick<OpenNeeds, 'now' | 'random'> {
  db: DatabaseSync;
  write: Write;
}
