import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A server to test on, and how to be rid of it. */
interface Server {
  uri: string;
  from: string;
  stop: () => Promise<void>;
}

const kept = async () => {};

const server = await findServer();
console.log(`MongoDB tests on ${server.from}`);
const files = process.argv.slice(2);
const tests = spawn(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    ...(files.length > 0 ? files : ['test/mongodb/*.ts', 'test/story/*.test.ts']),
  ],
  { stdio: 'inherit', env: { ...process.env, TEST_MONGODB_URI: server.uri } },
);
const [code] = await once(tests, 'exit');
await server.stop();
process.exitCode = code ?? 1;

/** The first of: MONGODB_URI, the program in MONGODB_UP, a mongod on the PATH, one that is fetched. */
async function findServer(): Promise<Server> {
  const { MONGODB_URI, MONGODB_UP } = process.env;
  if (MONGODB_URI) return { uri: MONGODB_URI, from: 'the server of MONGODB_URI', stop: kept };
  if (MONGODB_UP) return { uri: uriFrom(MONGODB_UP), from: `the server of ${MONGODB_UP}`, stop: kept };
  const mongod = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some(folder => existsSync(join(folder, 'mongod')));
  return mongod ? startMongod() : fetchMongod();
}

function uriFrom(program: string): string {
  const run = spawnSync(program, { shell: true, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const uri = run.stdout?.trim().split('\n').at(-1) ?? '';
  if (run.status !== 0 || !uri.startsWith('mongodb'))
    throw new Error(`${program} printed no URI of a MongoDB.`);
  return uri;
}

async function startMongod(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'topichub-mongod-'));
  const port = await freePort();
  const child = spawn('mongod', ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'], {
    stdio: 'ignore',
  });
  return {
    uri: `mongodb://127.0.0.1:${port}/`,
    from: 'a mongod of its own',
    async stop() {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function fetchMongod(): Promise<Server> {
  const { MongoMemoryServer } = await import('mongodb-memory-server-core');
  const memory = await MongoMemoryServer.create();
  return {
    uri: memory.getUri(),
    from: 'a mongod that mongodb-memory-server-core fetched',
    stop: async () => void (await memory.stop()),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
