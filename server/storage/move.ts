import { createHash } from 'node:crypto';
import { COLLECTIONS, type Collection, type Collections, type Piece, type Records } from './records.ts';
import { StoreError } from './storage.ts';

/** Small enough that a piece holds nobody up, and to be taken again when a move was broken off. */
const PIECE = 500;

/** Told after each piece: how many of how many records of a collection were carried, or compared. */
export type Progress = (step: 'copy' | 'compare', collection: Collection, done: number, of: number) => void;

/** What a collection holds, however its engine orders it: two with one sum hold the same records. */
export interface Sum {
  count: number;
  digest: string;
}

/**
 * Carries everything from one store to another, in pieces, and compares both by counts and digests. A move that
 * was broken off is begun again from the start; the target says until the end that it is not whole.
 * Throws a `StoreError` when the target holds something else, or is not the same afterwards.
 */
export async function move(source: Records, target: Records, from: string, told: Progress): Promise<void> {
  const begun = await target.moving();
  if (begun !== null && begun !== from) {
    throw new StoreError(
      `A move from ${begun} into the target was broken off. Finish that one, or use another target.`,
    );
  }
  if (begun === null && !(await isEmpty(target))) {
    throw new StoreError('The target is not empty. Use a new database or data folder.');
  }
  await target.setMoving(from);
  for (const collection of COLLECTIONS) await copy(source, target, collection, told);
  for (const collection of COLLECTIONS) await compare(source, target, collection, told);
  await target.setMoving(null);
}

async function isEmpty(records: Records): Promise<boolean> {
  for (const collection of COLLECTIONS) if ((await records.count(collection)) > 0) return false;
  return true;
}

async function copy(source: Records, target: Records, collection: Collection, told: Progress): Promise<void> {
  const of = await source.count(collection);
  let done = 0;
  for await (const records of piecesOf(source, collection)) {
    await target.write(collection, records);
    done += records.length;
    told('copy', collection, done, of);
  }
}

async function* piecesOf<Name extends Collection>(
  records: Records,
  collection: Name,
): AsyncGenerator<Collections[Name][]> {
  let after: string | null = null;
  do {
    const piece: Piece<Name> = await records.read(collection, after, PIECE);
    yield piece.records;
    after = piece.next;
  } while (after !== null);
}

async function compare(
  source: Records,
  target: Records,
  collection: Collection,
  told: Progress,
): Promise<void> {
  const of = (await source.count(collection)) + (await target.count(collection));
  let done = 0;
  const sumUp = (records: Records) =>
    sumOf(records, collection, more => {
      done += more;
      told('compare', collection, done, of);
    });
  const [ours, theirs] = [await sumUp(source), await sumUp(target)];
  if (ours.count === theirs.count && ours.digest === theirs.digest) return;
  throw new StoreError(
    `The ${collection} are not the same afterwards (${ours.count} and ${theirs.count}). Stop every hub on both stores and run the move again.`,
  );
}

/** Adds up the records' hashes, so that the order in which an engine hands them out does not matter. */
export async function sumOf(
  records: Records,
  collection: Collection,
  read: (more: number) => void,
): Promise<Sum> {
  let sum = 0n;
  let count = 0;
  for await (const piece of piecesOf(records, collection)) {
    for (const record of piece) {
      const hash = createHash('sha256').update(canonical(record)).digest('hex');
      sum = BigInt.asUintN(256, sum + BigInt(`0x${hash}`));
    }
    count += piece.length;
    read(piece.length);
  }
  return { count, digest: sum.toString(16) };
}

/** JSON with its keys in order, because engines keep them in orders of their own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
