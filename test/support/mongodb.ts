import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createConnection } from 'mongoose';

/** The server the tests run on, as `npm run test:mongodb` found it; null in `npm test`. */
export const SERVER = process.env['TEST_MONGODB_URI'] ?? null;

/** The URI of a database of the test's own, dropped again when the test is over. */
export function aDatabase(test: Pick<TestContext, 'after'>): string {
  if (!SERVER) throw new Error('npm run test:mongodb runs these tests');
  const uri = new URL(SERVER.replace(/^mongodb/, 'http'));
  uri.pathname = `/topichub_test_${randomBytes(6).toString('hex')}`;
  const address = uri.href.replace(/^http/, 'mongodb');
  test.after(async () => {
    const connection = await createConnection(address).asPromise();
    await connection.dropDatabase();
    await connection.close();
  });
  return address;
}

/** All that a database holds, as text. */
export async function everythingIn(uri: string): Promise<string> {
  const connection = await createConnection(uri).asPromise();
  const collections = (await connection.db?.collections()) ?? [];
  const all = await Promise.all(collections.map(one => one.find().toArray()));
  await connection.close();
  return JSON.stringify(all);
}
