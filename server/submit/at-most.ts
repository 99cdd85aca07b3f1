/** Does a job, or says that it has no hand free. */
export type AtMost = <Result>(job: () => Promise<Result>) => Promise<Result | 'busy'>;

/**
 * Lets so many jobs run at once and turns the next one away: a job that waits for a stranger's server must not
 * queue up behind others that do.
 */
export function atMost(most: number): AtMost {
  let underWay = 0;
  return async job => {
    if (underWay >= most) return 'busy';
    underWay++;
    try {
      return await job();
    } finally {
      underWay--;
    }
  };
}
