import type { TestContext } from 'node:test';
import { aBlog, type Blog } from './blog.ts';
import { aHub, type TestHub } from './hub.ts';

/** A hub without `FETCH_ALLOW` for which loopback is the public net, so that the limits of looks hold. */
export interface OpenNet {
  hub: TestHub;
  /** Where names of honest blogs lead, and where all others do. */
  honest: Blog;
  blog: Blog;
  /** An address under a name, at whatever blog the name leads to. */
  at: (host: string, path: string) => string;
}

export async function anOpenNet(test: TestContext): Promise<OpenNet> {
  const blog = await aBlog(test);
  const honest = await aBlog(test, '127.0.0.2');
  const blogOf = (host: string) => (host.startsWith('honest') ? honest : blog);
  const portOf = ({ pair }: Blog) => Number(pair.split(':')[1]);
  const hub = await aHub(test, {
    config: { fetchPorts: new Set([blog, honest].map(portOf)), fetchAllow: new Set() },
    world: {
      resolve: async host => [String(blogOf(host).pair.split(':')[0])],
      isPublic: () => true,
    },
  });
  return { hub, honest, blog, at: (host, path) => `http://${host}:${portOf(blogOf(host))}${path}` };
}
