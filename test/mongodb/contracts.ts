import { randomBytes } from 'node:crypto';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import type { OpenStore } from '../storage/engine.ts';
import { mentionsContract } from '../storage/mentions.contract.ts';
import { refusalsContract } from '../storage/refusals.contract.ts';
import { topicsContract } from '../storage/topics.contract.ts';
import { aDatabase } from '../support/mongodb.ts';

const open: OpenStore = async (test, clock) => {
  const uri = aDatabase(test);
  const needs = { now: clock.now, random: randomBytes, starters: STARTER_TOPICS, owner: true };
  const store = await openMongodb(uri, needs, { askTime: async () => clock.now() });
  test.after(() => store.close());
  return store;
};

topicsContract('MongoDB', open);
mentionsContract('MongoDB', open);
refusalsContract('MongoDB', open);
