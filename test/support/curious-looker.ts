import { isMainThread, parentPort } from 'node:worker_threads';
import { serveLooks } from '../../server/verification/serve-looks.ts';

// A looker thread for tests that answers 200 when it can see more of the environment of the process than where compiled
// code is kept, else 404.
if (!isMainThread && parentPort) {
  serveLooks(parentPort, async () => ({
    kind: 'not-html',
    status: Object.keys(process.env).some(name => name !== 'NODE_COMPILE_CACHE') ? 200 : 404,
  }));
}
