import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
const MAIN = 'server/main.ts';
const COMPILE_CACHE = fileURLToPath(new URL('node_modules/.cache/topichub', ROOT));
const ANSWER_MS = 120_000;
const STOP_MS = 20_000;

/** A hub that listens. */
export interface RunningHub {
  pid: number;
  port: number;
  /** How long it took from the start of its process to its line, in milliseconds. */
  startedInMs: number;
  stop: () => Promise<void>;
}

/** A process of the bench's own, which was told what to do and answers questions one at a time. */
export interface Helper<Question, Answer> {
  pid: number;
  ask: (question: Question) => Promise<Answer>;
  stop: () => Promise<void>;
}

export type Stage = ReturnType<typeof createStage>;

/** Everything a run starts or makes, so that all of it can be ended and deleted, whatever happened. */
export function createStage() {
  const children = new Set<ChildProcess>();
  const last: (() => unknown)[] = [];
  let cleared = Promise.resolve();

  function keep(child: ChildProcess): ChildProcess {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }

  async function clearNow(): Promise<void> {
    await Promise.all([...children].map(stop));
    for (const work of last.splice(0).reverse()) await work();
  }

  async function runNode(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
    const options = { env: { ...plain(), ...env }, stdio: ['ignore', 2, 2] as ['ignore', number, number] };
    const child = keep(spawn(process.execPath, args, options));
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  }

  return {
    /** A folder on the disk, gone after the run. */
    folder(): string {
      const folder = mkdtempSync(join(tmpdir(), 'topichub-bench-'));
      last.push(() => rmSync(folder, { recursive: true, force: true }));
      return folder;
    },

    /** Has something done after the run, when every process has ended. */
    atEnd(work: () => unknown): void {
      last.push(work);
    },

    /**
     * Starts the hub itself as `npm start` does, with nothing of our environment, in its data folder, where no `.env` is found.
     * Its log goes to a file there, as it would with a supervisor. Rejects when it does not listen.
     */
    async hub(dataDir: string, env: Record<string, string> = {}): Promise<RunningHub> {
      const log = openSync(join(dataDir, 'hub.log'), 'a');
      const begun = performance.now();
      const child = keep(
        spawn(process.execPath, [...startFlags(), fileURLToPath(new URL(MAIN, ROOT))], {
          cwd: dataDir,
          env: {
            ...plain(),
            NODE_COMPILE_CACHE: COMPILE_CACHE,
            PORT: '0',
            DATA_DIR: dataDir,
            RATE_LIMITS: 'off',
            ...env,
          },
          stdio: ['ignore', 'pipe', log],
        }),
      );
      closeSync(log);
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [''])]);
      const port = /listening on http:\/\/[^/]*:(\d+)/.exec(line)?.[1];
      if (!port) throw new Error(`the hub did not start; see ${join(dataDir, 'hub.log')}`);
      const startedInMs = performance.now() - begun;
      return { pid: Number(child.pid), port: Number(port), startedInMs, stop: () => stop(child) };
    },

    /** Starts one of the files beside this one, tells it what to do, and waits until it is ready. */
    async helper<Ready, Question = never, Answer = never>(
      file: string,
      task: unknown,
      env: Record<string, string> = {},
    ): Promise<Helper<Question, Answer> & { ready: Ready }> {
      const child = keep(
        fork(new URL(file, import.meta.url), {
          env: { ...plain(), ...env },
          execArgv: [],
          serialization: 'advanced',
        }),
      );
      const ask = async (message: unknown) => {
        child.send(message as object);
        return answerOf(child, file);
      };
      const ready = (await ask(task)) as Ready;
      return {
        pid: Number(child.pid),
        ready,
        ask: question => ask(question) as Promise<Answer>,
        stop: () => stop(child),
      };
    },

    /** Runs one of the project's scripts to its end. Rejects when it fails. */
    async script(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<void> {
      await runNode([fileURLToPath(new URL(file, ROOT)), ...args], env);
    },

    /** Runs Node itself to its end. Rejects when it fails. */
    node: (args: readonly string[]): Promise<void> => runNode(args),

    /** Ends every process and deletes every folder; asked twice, the second waits for the first. */
    clear(): Promise<void> {
      cleared = cleared.then(clearNow, clearNow);
      return cleared;
    },
  };
}

/** What `npm start` tells Node. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
  const flags = / node (.*)server\/main\.ts$/.exec(scripts.start)?.[1];
  if (flags === undefined) throw new Error(`package.json starts something else: ${scripts.start}`);
  return flags.split(' ').filter(Boolean);
}

function plain(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME };
}

async function answerOf(child: ChildProcess, file: string): Promise<unknown> {
  const over = new AbortController();
  const tooLong = setTimeout(() => over.abort(new Error(`${file} does not answer`)), ANSWER_MS);
  const { signal } = over;
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error(`${file} ended before it answered`);
    });
    const [answer] = await Promise.race([once(child, 'message', { signal }), ended]);
    return answer;
  } finally {
    clearTimeout(tooLong);
    over.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const hurry = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(hurry);
}
