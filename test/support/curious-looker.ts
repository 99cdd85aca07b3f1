import { isMainThread, parentPort } from 'node:worker_threads';
import { serveLooks } from '../../server/verification/serve-looks.ts';

// A looker thread for tests that answers 200 when it can see the environment of the process, else 404.
if (!isMainThread && parentPort) {
  serveLooks(parentPort, async () => ({
    kind: 'not-html',
    status: Object.keys(process.env).length > 0 ? 200 : 404,
  }));
}
