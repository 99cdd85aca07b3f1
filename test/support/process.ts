import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/topichub', import.meta.url));

/** A process of the product, with what it wrote so far. */
export interface Running {
  child: ChildProcess;
  output: () => string;
  errors: () => string;
  /** The address of its line "topichub listening on …"; fails when it ends instead. */
  listening: () => Promise<string>;
  /** The exit code, or the signal that ended it. */
  ended: () => Promise<number | string>;
}

/** Starts a command in a process group of its own, which is killed with everything in it after the test. */
export function run(
  test: Pick<TestContext, 'after'>,
  command: string,
  args: string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', data => {
    output += data;
  });
  child.stderr?.on('data', data => {
    errors += data;
  });
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  test.after(async () => {
    try {
      process.kill(-Number(child.pid), 'SIGKILL');
    } catch {
      // It has ended, and its group with it.
    }
    await exit;
  });
  return {
    child,
    output: () => output,
    errors: () => errors,
    ended: () => exit,
    listening: () =>
      until(() => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${errors}`);
        return /topichub listening on (http:\S+)/.exec(output)?.[1];
      }, 'the line that says where it listens'),
  };
}

/** Starts the hub itself, as `npm start` does, on a port of the kernel's. */
export function runHub(
  test: Pick<TestContext, 'after'>,
  dataDir: string,
  env: Record<string, string> = {},
): Running {
  const common = { NODE_COMPILE_CACHE: COMPILE_CACHE, PORT: '0', DATA_DIR: dataDir, RATE_LIMITS: 'off' };
  return run(test, process.execPath, ['--single-threaded-gc', 'server/main.ts'], {
    env: { ...common, ...env },
  });
}

/** A line of a hub's log, as far as tests ask. */
export interface LogLine {
  level: number;
  msg: string;
  source?: string;
  topic?: string;
  origin?: string;
  err?: { stack: string };
}

/** The log of a hub so far; throws where a line of it is no JSON. */
export function linesOf(hub: Running): LogLine[] {
  return hub
    .errors()
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}
