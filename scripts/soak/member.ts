import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/topichub', import.meta.url));

/** As a supervisor such as systemd would: a process that ended by itself is started again after this. */
const RESTART_MS = 500;
/** A start waits up to 30 s for its database, and may then be tried again. */
const LONGEST_START_MS = 90_000;
const LONGEST_STOP_MS = 20_000;

/** One process of the product, which is killed and started again under the same name. */
export type Member = ReturnType<typeof createMember>;

/** What a process is started with. Its working folder has no `.env`, so that `env` is all it knows. */
export interface MemberNeeds {
  name: string;
  folder: string;
  env: Record<string, string>;
  /** Told when a process ends that nobody asked to. */
  endedByItself: (name: string, how: string) => void;
}

/** A process of the product under a supervisor's care. Its log is the file `<name>.log` in the folder. */
export function createMember({ name, folder, env, endedByItself }: MemberNeeds) {
  let child: ChildProcess | null = null;
  let address: string | null = null;
  let startedAt = 0;
  let listeningAt = 0;
  let disturbedAt = 0;
  let stalled = false;
  let wanted = false;

  function start(): void {
    wanted = true;
    address = null;
    startedAt = performance.now();
    const log = openSync(join(folder, `${name}.log`), 'a');
    const { PATH = '', HOME = '' } = process.env;
    // As `npm start` does.
    const born = spawn(process.execPath, ['--single-threaded-gc', MAIN], {
      cwd: folder,
      env: { PATH, HOME, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env, PORT: '0', HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', log],
      // Ctrl+C reaches the soak alone, which then ends its processes itself.
      detached: true,
    });
    closeSync(log);
    child = born;
    let output = '';
    born.stdout?.on('data', data => {
      output += data;
      const found = /topichub listening on http:\/\/[^:]+:(\d+)\s/.exec(output)?.[1];
      if (!found || address || child !== born) return;
      address = `http://127.0.0.1:${found}`;
      listeningAt = performance.now();
    });
    born.once('exit', (code, signal) => void gone(born, signal ?? `exit code ${code}`));
  }

  async function gone(dead: ChildProcess, how: string): Promise<void> {
    if (child !== dead) return;
    forget();
    if (!wanted) return;
    endedByItself(name, how);
    await pause(RESTART_MS);
    if (wanted && child === null) start();
  }

  function forget(): void {
    child = null;
    address = null;
    stalled = false;
    disturbedAt = performance.now();
  }

  function hold(signal: 'SIGSTOP' | 'SIGCONT'): void {
    stalled = signal === 'SIGSTOP';
    disturbedAt = performance.now();
    child?.kill(signal);
  }

  return {
    name,
    start,
    /** Where it answers; null while it does not. */
    address: () => address,
    /** Whether it lived and ran all the time since then, so that whoever asked it was owed an answer. */
    undisturbedSince: (time: number) => !stalled && disturbedAt < time,
    /** Milliseconds since its start, and since it began to listen. */
    sinceStart: () => performance.now() - startedAt,
    sinceListening: () => performance.now() - listeningAt,
    /** Waits until it listens. Throws when it does not within 90 s, over all starts, and when `signal` ends it. */
    async listening(signal: AbortSignal): Promise<void> {
      const end = performance.now() + LONGEST_START_MS;
      while (address === null) {
        if (performance.now() > end) throw new Error(`${name} does not start; see its log.`);
        await pause(5, undefined, { signal });
      }
    },
    /** kill -9, at once. */
    kill(): void {
      wanted = false;
      const victim = child;
      if (!victim) return;
      forget();
      victim.kill('SIGKILL');
    },
    stall: () => hold('SIGSTOP'),
    resume: () => hold('SIGCONT'),
    /** Asks it to stop (SIGTERM); the exit code, or how it ended within 20 s. */
    stop(): Promise<string> {
      wanted = false;
      const last = child;
      if (!last) return Promise.resolve('not running');
      return new Promise(resolve => {
        const late = setTimeout(() => {
          last.kill('SIGKILL');
          resolve('still running after 20 s');
        }, LONGEST_STOP_MS);
        last.once('exit', (code, signal) => {
          clearTimeout(late);
          resolve(String(code ?? signal));
        });
        last.kill('SIGTERM');
      });
    },
  };
}
