import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { CHROMIUM } from './browser/executable.ts';

try {
  accessSync(CHROMIUM, constants.X_OK);
} catch {
  console.error(
    `There is no Chromium at ${CHROMIUM}: install it (on Debian "apt-get install chromium"), or say where one is with CHROMIUM.`,
  );
  process.exit(1);
}

// Two at a time: while one waits for its Chromium, the other works.
const files = process.argv.slice(2);
const tests = spawn(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    '--test-concurrency=2',
    ...(files.length > 0 ? files : ['test/browser/*.browser.ts']),
  ],
  { stdio: 'inherit' },
);
const [code] = await once(tests, 'exit');
process.exitCode = code ?? 1;
