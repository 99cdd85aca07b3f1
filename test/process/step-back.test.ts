import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, it } from 'node:test';

const STEP_BACK = new URL('../../server/step-back.ts', import.meta.url).href;
const NO_SESSIONS = !existsSync('/proc/self/autogroup') && 'this kernel does not weigh sessions';

interface Standing {
  /** Of each of its threads. */
  threads: number[];
  session: string | null;
}

/** Where a process says it stands, before and after it steps back; started so nice, and perhaps in its own session. */
async function stepsBack({
  niceness = 0,
  alone = false,
} = {}): Promise<Record<'before' | 'after', Standing>> {
  const script = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { getPriority, setPriority } from 'node:os';
    import { stepBack } from '${STEP_BACK}';
    const standing = () => ({ threads: threads().map(id => getPriority(id)), session: session() });
    const threads = () => (process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0]);
    function session() {
      try {
        return readFileSync('/proc/self/autogroup', 'utf8').split('nice ')[1].trim();
      } catch {
        return null;
      }
    }
    for (const id of threads()) if (${niceness} > 0) setPriority(id, ${niceness});
    const before = standing();
    await stepBack();
    console.log(JSON.stringify({ before, after: standing() }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    detached: alone,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const data of child.stdout) output += data;
  return JSON.parse(output);
}

describe('a process that steps back', () => {
  it('goes with all its threads behind the others of its session, which stays where it is', async () => {
    const { before, after } = await stepsBack();
    assert.deepEqual(new Set(after.threads), new Set([Math.max(10, getPriority())]));
    assert.equal(after.session, before.session);
  });

  it('does not come forward if it stood further back', async () => {
    const { after } = await stepsBack({ niceness: 15 });
    assert.deepEqual(new Set(after.threads), new Set([15]));
  });

  it('takes along a session of its own', { skip: NO_SESSIONS }, async () => {
    const { before, after } = await stepsBack({ alone: true });
    assert.deepEqual([before.session, after.session], ['0', '10']);
  });
});
