import type { OpenNeeds } from '../storage.ts';
import type { Models } from './models.ts';

/** What the files of this room share. `now` is the database's clock. */
export interface Parts extends Pick<OpenNeeds, 'now' | 'random'> {
  models: Models;
}
