import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

/** What this machine lacks for a network of the tests' own, in one sentence; null when it has everything. */
function missing(): string | null {
  if (process.platform !== 'linux') return 'test:network needs Linux, for its network namespaces.';
  if (process.getuid?.() !== 0) return 'test:network needs root, to make a network namespace.';
  for (const [command, from] of [
    ['unshare', 'util-linux'],
    ['mount', 'util-linux'],
    ['ip', 'iproute2'],
  ] as const) {
    if (spawnSync(command, ['--version']).error && spawnSync(command, ['-V']).error)
      return `There is no ${command}: install it (on Debian "apt-get install ${from}").`;
  }
  if (!existsSync('/etc/resolv.conf')) return 'There is no /etc/resolv.conf to put another in the place of.';
  const tried = spawnSync('unshare', [
    '--net',
    '--mount',
    'sh',
    '-c',
    'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo',
  ]);
  if (tried.status === 0) return null;
  return `This machine allows no network namespace with IPv4 and IPv6: ${String(tried.stderr).trim()}`;
}

const fault = missing();
if (fault) {
  console.error(fault);
  process.exit(1);
}

// The namespaces last as long as the processes in them: whatever happens, nothing is left behind.
const files = process.argv.slice(2);
const tests = spawn(
  'unshare',
  [
    '--net',
    '--mount',
    process.execPath,
    '--test',
    '--test-reporter=spec',
    ...(files.length > 0 ? files : ['test/network/*.network.ts']),
  ],
  { stdio: 'inherit' },
);
const [code] = await once(tests, 'exit');
process.exitCode = code ?? 1;
