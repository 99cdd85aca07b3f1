import { Agent, request as ask } from 'node:http';
import { quantile } from './figures.ts';
import { serveBench } from './helper.ts';

/** An address on loopback, how often to ask for it and for how long. */
export interface Paced {
  port: number;
  path: string;
  perSecond: number;
  seconds: number;
}

/**
 * A reader that asks at its own pace, whether or not the answers before have come, so that a server that stands
 * still is late for everyone who comes meanwhile. Answers with the 99th percentile, in milliseconds.
 */
serveBench<null, null, Paced, number>(async () => ({
  ready: null,
  async answer({ port, path, perSecond, seconds }) {
    // New for each run, because a server hangs up on connections that were idle between two of them.
    const agent = new Agent({ keepAlive: true, maxSockets: 256 });
    const begun = performance.now();
    const times = Array.from({ length: perSecond * seconds }, async (_, index) => {
      const due = begun + (index * 1_000) / perSecond;
      await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())));
      return once(agent, port, path);
    });
    const sorted = (await Promise.all(times)).sort((a, b) => a - b);
    agent.destroy();
    return quantile(sorted, 0.99);
  },
}));

/** How long one answer took, in milliseconds. */
function once(agent: Agent, port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = performance.now();
    ask({ host: '127.0.0.1', port, path, agent }, response => {
      if (response.statusCode !== 200) reject(new Error(`the hub answered ${response.statusCode}`));
      response.resume().on('end', () => resolve(performance.now() - sent));
    })
      .on('error', reject)
      .end();
  });
}
