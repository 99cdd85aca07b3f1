import { type Storage, StoreAway } from './storage.ts';

/** How long a door or a page waits for the store, in milliseconds. */
export const ANSWER_MS = 650;

/** The ports that somebody waits for. */
type Hurried = Pick<Storage, 'topics' | 'mentions' | 'refusals' | 'visits'>;

/** Where they are. */
type Asked = Pick<Storage, keyof Hurried | 'patienceMs'>;

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The same ports, but every call ends within `ms`, whatever the engine's driver does (a frozen server was
 * seen to hold one for 40 s), and as soon as it would only wait for a store that is not found; it rejects with
 * `StoreAway` when the store failed or was late. A write that lands after its deadline does no harm: a ping is
 * idempotent, and a settle is fenced by its token.
 */
export function withDeadline({ topics, mentions, refusals, visits, patienceMs }: Asked, ms: number): Hurried {
  const most = () => Math.min(ms, patienceMs());
  return {
    topics: limited(topics, most),
    mentions: limited(mentions, most),
    refusals: limited(refusals, most),
    visits: limited(visits, most),
  };
}

function limited<Port extends object>(port: Port, mostMs: () => number): Port {
  const methods = port as Record<string, Method>;
  const wrapped = Object.keys(port).map(name => [
    name,
    (...args: unknown[]) => {
      const ms = mostMs();
      if (ms === 0) return Promise.reject(new StoreAway(`${name}: nobody is there`));
      return within((methods[name] as Method)(...args), ms, name);
    },
  ]);
  return Object.fromEntries(wrapped) as Port;
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
