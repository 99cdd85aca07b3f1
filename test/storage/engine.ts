import type { TestContext } from 'node:test';
import type { OpenNeeds, Storage } from '../../server/storage/storage.ts';
import type { Clock } from '../support/clock.ts';

/** How a contract opens a store of its own on the engine it is run on. */
export type OpenStore = (
  test: TestContext,
  clock: Clock,
  over?: Partial<Pick<OpenNeeds, 'starters' | 'evenMoving'>>,
) => Promise<Storage>;
