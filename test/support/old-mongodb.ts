import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { mongo } from 'mongoose';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/** Says hello as a MongoDB 3.6 does, and nothing else; resolves with its URI. No such server can be installed any more. */
export async function anOldMongodb(test: Pick<TestContext, 'after'>): Promise<string> {
  const hello = mongo.BSON.serialize({
    ismaster: true,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    minWireVersion: 0,
    maxWireVersion: 6,
    ok: 1,
  });
  const server = createServer(socket => {
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', data => {
      received = Buffer.concat([received, data]);
      while (received.length >= 16 && received.length >= received.readInt32LE(0)) {
        const asked = received;
        received = received.subarray(received.readInt32LE(0));
        socket.write(answerTo(asked, hello));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  return `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The wire protocol's frame: length, id, the id of the question, kind; then what each kind has before its document. */
function answerTo(asked: Buffer, document: Uint8Array): Buffer {
  const asQuery = asked.readInt32LE(12) === OP_QUERY;
  const before = asQuery ? 20 : 5;
  const head = Buffer.alloc(16 + before);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(asked.readInt32LE(4), 8);
  head.writeInt32LE(asQuery ? OP_REPLY : OP_MSG, 12);
  if (asQuery) head.writeInt32LE(1, 32);
  return Buffer.concat([head, document]);
}
