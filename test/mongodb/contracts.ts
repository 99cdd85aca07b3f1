import { randomBytes } from 'node:crypto';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { openSqlite } from '../../server/storage/sqlite/open.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import type { OpenStore } from '../storage/engine.ts';
import { limitsContract } from '../storage/limits.contract.ts';
import { mentionsContract } from '../storage/mentions.contract.ts';
import { recordsContract } from '../storage/records.contract.ts';
import { refusalsContract } from '../storage/refusals.contract.ts';
import { topicsContract } from '../storage/topics.contract.ts';
import { visitsContract } from '../storage/visits.contract.ts';
import { aFolder } from '../support/folder.ts';
import { aDatabase } from '../support/mongodb.ts';

const open: OpenStore = async (test, clock, over) => {
  const uri = aDatabase(test);
  const needs = {
    now: clock.now,
    random: randomBytes,
    starters: STARTER_TOPICS,
    as: 'owner' as const,
    ...over,
  };
  const store = await openMongodb(uri, needs, { askTime: async () => clock.now(), countMs: 10_000 });
  test.after(() => store.close());
  return store;
};

topicsContract('MongoDB', open);
mentionsContract('MongoDB', open);
refusalsContract('MongoDB', open);
limitsContract('MongoDB', open);
visitsContract('MongoDB', open);

const openOther: OpenStore = async (test, clock, over) => {
  const needs = {
    now: clock.now,
    random: randomBytes,
    starters: STARTER_TOPICS,
    as: 'owner' as const,
    ...over,
  };
  const store = openSqlite(aFolder(test), needs);
  test.after(() => store.close());
  return store;
};

recordsContract('from SQLite to MongoDB', openOther, open);
recordsContract('from MongoDB to SQLite', open, openOther);
recordsContract('from MongoDB to MongoDB', open, open);
