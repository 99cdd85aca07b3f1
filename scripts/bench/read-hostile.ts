import { targetKeys } from '../../server/topics/targets.ts';
import { createUrls } from '../../server/urls.ts';
import { createLook } from '../../server/verification/look.ts';
import { serveBench } from './helper.ts';
import { hostilePages, TOPICS } from './hostile-pages.ts';

/** Processor time of one reading of one page, in milliseconds. */
export interface Reading {
  name: string;
  cpuMs: number;
}

/** Reads every hostile page once at each question, as a looker thread would, in a process of its own. */
serveBench<null, null, 'read', Reading[]>(async () => {
  const pages = hostilePages();
  // As long as a claim may be, nearly on a page of one letter, and of other words in each topic.
  const claimIn = (topic: number) => ({
    title: 'night sky',
    excerpt: `${'a'.repeat(150)}b${'a'.repeat(148)}${topic}`,
    blogName: 'Starlight',
  });
  const sites = [createUrls('https://hub.example')];
  const wanted = TOPICS.map((slug, n) => {
    const id = `m3nt10n00${n}`;
    return { id, targets: targetKeys(sites, { slug, formerSlugs: [] }, id), claim: claimIn(n) };
  });
  const url = 'https://blog.example/post';
  const request = { url, leftMs: 1_000, wanted, hubKeys: ['hub.example'], forwardedFor: null };
  return {
    ready: null,
    async answer() {
      const readings: Reading[] = [];
      for (const { name, bytes } of pages) {
        const contentType = name.includes('charset') ? 'text/html' : 'text/html; charset=utf-8';
        // What a look does once the page is here, which is all that a page can make expensive.
        const fetchPage = async () =>
          ({ kind: 'page', status: 200, bytes, contentType, robots: [] }) as const;
        const look = createLook({ fetchPage, now: Date.now });
        const before = process.cpuUsage();
        const answer = await look(request, { permit: async () => [], reached: () => {}, reading: () => {} });
        const { user, system } = process.cpuUsage(before);
        if (answer.kind !== 'page') throw new Error(`${name} was not read`);
        readings.push({ name, cpuMs: (user + system) / 1_000 });
      }
      return readings;
    },
  };
});
