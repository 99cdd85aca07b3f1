import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from './limits.ts';
import { createMember, type Member } from './member.ts';
import { BASE_URL } from './posts.ts';

/** The processes of a run. */
export interface Fleet {
  members: readonly Member[];
  /** Who takes pings, and who looks at posts; on SQLite the one hub does both. */
  webs: readonly Member[];
  workers: readonly Member[];
  /** Processes that ended although nobody killed them, and how. */
  endedByThemselves: string[];
  byName: (name: string) => Member;
  start: () => void;
  /** Waits until all of them listen. Throws when one does not, and when `signal` ends it. */
  listening: (signal: AbortSignal) => Promise<void>;
  /** Stops all in good order; whoever did not end with exit code 0, with how it ended. */
  stop: () => Promise<string[]>;
  /** kill -9 of whatever still runs. */
  kill: () => void;
}

/** One hub on SQLite, or two webs and two workers that share a MongoDB; started by `start`. */
export function createFleet(folder: string, mongodbUri: string | null, fetchAllow: string[]): Fleet {
  const endedByThemselves: string[] = [];
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { recursive: true });
  const common = { DATA_DIR: dataDir, BASE_URL, FETCH_ALLOW: fetchAllow.join(','), ...LIMITS };
  const member = (name: string, env: Record<string, string>) =>
    createMember({
      name,
      folder,
      env: { ...common, ...env },
      endedByItself: (who, how) => endedByThemselves.push(`${who}: ${how}`),
    });
  const onMongodb = (role: string) =>
    [1, 2].map(number =>
      member(`${role}-${number}`, { ROLE: role, ...(mongodbUri ? { MONGODB_URI: mongodbUri } : {}) }),
    );
  const hub = mongodbUri ? [] : [member('hub', {})];
  const webs = mongodbUri ? onMongodb('web') : hub;
  const workers = mongodbUri ? onMongodb('worker') : hub;
  const members = [...new Set([...webs, ...workers])];
  return {
    members,
    webs,
    workers,
    endedByThemselves,
    byName: name => members.find(one => one.name === name) as Member,
    start() {
      for (const one of members) one.start();
    },
    async listening(signal) {
      await Promise.all(members.map(one => one.listening(signal)));
    },
    async stop() {
      const ends = await Promise.all(members.map(async one => `${one.name}: ${await one.stop()}`));
      return ends.filter(end => !end.endsWith(': 0'));
    },
    kill() {
      for (const one of members) one.kill();
    },
  };
}
