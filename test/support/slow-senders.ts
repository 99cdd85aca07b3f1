import { once } from 'node:events';
import { connect } from 'node:net';

/** Senders that a hub waits for, because each has sent only the beginning of its ping. */
export interface SlowSenders {
  /** Sends the rest of every ping. */
  finish: () => void;
  /** What each was answered so far, status line and all. */
  answers: () => string[];
}

/** Begins so many pings of different posts at `blog.example`, each over a connection of its own. */
export async function slowSenders(port: number, count: number): Promise<SlowSenders> {
  const senders = await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const body = `url=http%3A%2F%2Fblog.example%2F${number + 1}`;
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.on('data', data => {
        answer += data;
      });
      await once(socket, 'connect');
      socket.write(
        `POST /t/night-sky/trackback HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
      );
      return { finish: () => socket.write(body.slice(10)), answer: () => answer };
    }),
  );
  return {
    finish() {
      for (const sender of senders) sender.finish();
    },
    answers: () => senders.map(sender => sender.answer()),
  };
}
