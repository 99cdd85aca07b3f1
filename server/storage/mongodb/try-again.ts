const MOST_TRIES = 5;

/** MongoDB's code for a key that is there already; compatible servers have codes of their own for a lost race. */
export const DUPLICATE = 11_000;

/** Whether the server says that a unique index stands in the way. */
export function isDuplicate(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === DUPLICATE;
}

/**
 * Whether the server answered, if only with an error: then another try may settle what a race lost. By its name, because
 * its subclasses are other things: a bulk write wraps a server that is gone, and an unconfirmed write was applied.
 */
export function wasAnswered(error: unknown): boolean {
  return (error as Error | null)?.name === 'MongoServerError';
}

/**
 * Tries a write again that lost a race, whatever code the server gave the loser (11000, a lock, a
 * deadlock), and tells it how many tries it is. A server that does not answer is not asked again: its caller has a deadline.
 */
export async function tryAgain<Result>(write: (tries: number) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await write(tries);
    } catch (error) {
      if (tries === MOST_TRIES || !wasAnswered(error)) throw error;
    }
  }
}
