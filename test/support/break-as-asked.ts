import { ServerResponse } from 'node:http';

/**
 * Preloaded into a hub's process (`--import`): a request says in `X-Break` which fault it shall meet as it is
 * answered. A number: so many tries to answer it throw. `exception`, `rejection`: besides, an error comes up
 * where nobody waits for one.
 */
const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...said: unknown[]) {
  const { headers } = this.req;
  const asked = headers['x-break'];
  if (Number(asked) > 0) {
    headers['x-break'] = String(Number(asked) - 1);
    throw new Error('nobody expected this answer');
  }
  if (asked === 'exception') setImmediate(unexpected);
  if (asked === 'rejection') void (async () => unexpected())();
  return Reflect.apply(writeHead, this, said);
};

function unexpected(): never {
  throw new Error('nobody expected this');
}
