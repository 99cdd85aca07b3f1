import { createPulse } from './pulse.ts';
import { type Storage, StoreAway } from './storage.ts';

/** How long a door or a page waits for the store, in milliseconds. */
export const ANSWER_MS = 650;

/** How long they wait for one that gives no sign of life. */
export const SILENT_MS = 300;

/** The ports that somebody waits for. */
type Hurried = Pick<Storage, 'topics' | 'mentions' | 'refusals' | 'visits'>;

/** Where they are. */
type Asked = Pick<Storage, keyof Hurried | 'patienceMs' | 'ping'>;

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The same ports, but every call ends within `ms`, whatever the engine's driver does (a frozen server was
 * seen to hold one for 40 s), and as soon as it would only wait for a store that is not found, or that has been silent
 * for `silentMs`; it rejects with `StoreAway` when the store failed or was late. A write that lands after its
 * deadline does no harm: a ping is idempotent, and a settle is fenced by its token.
 */
export function withDeadline(store: Asked, ms: number, silentMs = Number.POSITIVE_INFINITY): Hurried {
  const { topics, mentions, refusals, visits } = store;
  const follow = silentMs < ms ? createPulse(store, silentMs) : <Result>(call: Promise<Result>) => call;
  const most = () => Math.min(ms, store.patienceMs());

  function limited<Port extends object>(port: Port): Port {
    const methods = port as Record<string, Method>;
    const wrapped = Object.keys(port).map(name => [
      name,
      (...args: unknown[]) => {
        const mostMs = most();
        if (mostMs === 0) return Promise.reject(new StoreAway(`${name}: nobody is there`));
        return within(follow((methods[name] as Method)(...args), mostMs), mostMs, name);
      },
    ]);
    return Object.fromEntries(wrapped) as Port;
  }

  return {
    topics: limited(topics),
    mentions: limited(mentions),
    refusals: limited(refusals),
    visits: limited(visits),
  };
}

/** An answer, or a `StoreAway` after so many milliseconds. */
export function within<Result>(answer: Promise<Result>, ms: number, name: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new StoreAway(`${name}: no answer within ${Math.round(ms)} ms`)),
      ms,
    );
    answer
      .then(resolve, error => reject(new StoreAway(`${name} failed`, { cause: error })))
      .finally(() => clearTimeout(timer));
  });
}
