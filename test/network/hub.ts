import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { AUTHORITY } from '../support/certificates.ts';
import { aFolder } from '../support/folder.ts';
import { runHub } from '../support/process.ts';
import { until } from '../support/until.ts';
import type { Doors } from './doors.ts';

/** A look as the hub's log tells of it. */
interface Look {
  source: string;
  saw: string;
  status: string;
}

/** The hub as an operator runs it: nothing is allowed, its own resolver, and one authority more. */
export interface OutsideHub extends Doors {
  /** Waits until each of these sources was looked at, and says what was seen of each. */
  lookedAt: (sources: readonly string[]) => Promise<Look[]>;
  /** A page as text. */
  text: (path: string) => Promise<string>;
}

/** Starts the hub in this network, under the public name `hub.example`. */
export async function anOutsideHub(test: Pick<TestContext, 'after'>): Promise<OutsideHub> {
  const folder = aFolder(test);
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, AUTHORITY);
  const running = runHub(test, folder, {
    BASE_URL: 'https://hub.example',
    NODE_EXTRA_CA_CERTS: authority,
    // So many pings come from one sender only here.
    RATE_LIMITS: 'off',
  });
  const address = (await running.listening()).replace('localhost', '127.0.0.1');

  const looks = new Map<string, Look>();
  let readUpTo = 0;
  const readLog = () => {
    const log = running.errors();
    const end = log.lastIndexOf('\n') + 1;
    for (const line of log.slice(readUpTo, end).split('\n')) {
      const look = line.includes('"msg":"look"') ? (JSON.parse(line) as Look) : null;
      if (look) looks.set(look.source, look);
    }
    readUpTo = end;
  };
  return {
    address,
    topic: 'https://hub.example/t',
    text: async path => (await fetch(address + path)).text(),
    async lookedAt(sources) {
      let done: Look[] = [];
      await until(() => {
        readLog();
        done = sources.flatMap(source => looks.get(source) ?? []);
        return done.length === sources.length;
      }, `${sources.length} looks`);
      return done;
    },
  };
}
