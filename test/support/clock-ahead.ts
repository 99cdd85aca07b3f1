/**
 * Preloaded into a process (`--import`), whose clock then is as many milliseconds ahead of the machine's as
 * `CLOCK_AHEAD_MS` says; behind it, if that is negative.
 */
const ahead = Number(process.env['CLOCK_AHEAD_MS']);
const { now } = Date;
Date.now = () => now() + ahead;
globalThis.Date = new Proxy(Date, {
  construct: (real, said: unknown[], asked) =>
    Reflect.construct(real, said.length > 0 ? said : [Date.now()], asked),
});
