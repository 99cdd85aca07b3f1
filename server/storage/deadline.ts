import { type Storage, StoreAway } from './storage.ts';

/** The ports that somebody waits for. */
type Hurried = Pick<Storage, 'topics' | 'mentions' | 'refusals' | 'visits'>;

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The same ports, but every call ends within `ms`, whatever the engine's driver does (a frozen server was
 * seen to hold one for 40 s), and rejects with `StoreAway` when the store failed or was late. A write
 * that lands after its deadline does no harm: a ping is idempotent, and a settle is fenced by its token.
 */
export function withDeadline({ topics, mentions, refusals, visits }: Hurried, ms: number): Hurried {
  return {
    topics: limited(topics, ms),
    mentions: limited(mentions, ms),
    refusals: limited(refusals, ms),
    visits: limited(visits, ms),
  };
}

function limited<Port extends object>(port: Port, ms: number): Port {
  const methods = port as Record<string, Method>;
  const wrapped = Object.keys(port).map(name => [
    name,
    (...args: unknown[]) => within((methods[name] as Method)(...args), ms, name),
  ]);
  return Object.fromEntries(wrapped) as Port;
}

/** An answer, or a `StoreAway` after so many milliseconds. */
export function within<Result>(answer: Promise<Result>, ms: number, name: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StoreAway(`${name}: no answer within ${ms} ms`)), ms);
    answer
      .then(resolve, error => reject(new StoreAway(`${name} failed`, { cause: error })))
      .finally(() => clearTimeout(timer));
  });
}
