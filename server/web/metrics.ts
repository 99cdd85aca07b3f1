import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Door, Refusal, Sight } from '../mentions/mention.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * What the operator's monitoring counts, in Prometheus' form. Labels come from closed sets only, never
 * from what strangers send. `countDue` is asked at each scrape.
 */
export function createMetrics(countDue: () => Promise<number>) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const pings = new Counter({
    name: 'topichub_pings_total',
    help: 'Pings that came in, by door and what became of them',
    labelNames: ['door', 'outcome'],
    registers,
  });
  const looks = new Counter({
    name: 'topichub_looks_total',
    help: 'Looks at posts, by what they saw',
    labelNames: ['saw'],
    registers,
  });
  new Gauge({
    name: 'topichub_looks_due',
    help: 'Posts whose look is owed now',
    registers,
    async collect() {
      this.set(await countDue());
    },
  });
  return {
    pinged: (door: Door, outcome: 'accepted' | Refusal) => pings.inc({ door, outcome }),
    looked: (saw: Sight['saw']) => looks.inc({ saw }),
    type: registry.contentType,
    text: () => registry.metrics(),
  };
}
