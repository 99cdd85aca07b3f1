type Truthy<Value> = Exclude<Value, false | 0 | '' | null | undefined>;

/**
 * Waits for a condition, never for a duration: asks until the answer is truthy and returns it. The bound
 * is only there so that a broken program fails its test instead of hanging the suite.
 */
export async function until<Result>(
  ask: () => Result | Promise<Result>,
  what = ask.toString(),
): Promise<Truthy<Result>> {
  const end = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as Truthy<Result>;
    if (performance.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
