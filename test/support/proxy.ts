import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A way to a server that a test can freeze (nothing passes) or cut (nothing connects), and mend. */
export interface Proxy {
  /** The address of the server, through the proxy. */
  uri: string;
  freeze: () => void;
  cut: () => void;
  mend: () => void;
  /** How many connections were cut off at once. */
  turnedAway: () => number;
}

/** Opens a proxy in front of the one server that a URI names. */
export async function aProxy(test: Pick<TestContext, 'after'>, uri: string): Promise<Proxy> {
  const target = new URL(uri.replace(/^mongodb/, 'http'));
  const { hostname, port } = target;
  const pairs = new Set<[Socket, Socket]>();
  let turnedAway = 0;
  let state: 'open' | 'frozen' | 'cut' = 'open';
  const hold = ([near, far]: [Socket, Socket]) => {
    near.pause();
    far.pause();
  };
  const server = createServer(near => {
    if (state === 'cut') {
      turnedAway++;
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on('data', data => far.write(data));
    far.on('data', data => near.write(data));
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    if (state === 'frozen') hold(pair);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  test.after(() => {
    drop();
    server.close();
  });
  target.port = String((server.address() as AddressInfo).port);
  return {
    uri: target.href.replace(/^http/, 'mongodb'),
    freeze() {
      state = 'frozen';
      for (const pair of pairs) hold(pair);
    },
    cut() {
      state = 'cut';
      drop();
    },
    mend() {
      state = 'open';
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    turnedAway: () => turnedAway,
  };
}
