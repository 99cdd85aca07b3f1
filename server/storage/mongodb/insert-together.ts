import { mongo } from 'mongoose';
import { type Pace, together } from './together.ts';

/** What the server has against one document; null when it is there. */
type Fault = mongo.MongoServerError | null;

/**
 * Inserts documents with one command after the other, each with all that came meanwhile: for process and database a
 * command costs far more than one document more in it. Rejects when the command failed as a whole, so that nobody knows
 * which document it was that the server did not like; and when it took longer than `mostMs`. A document waits for the
 * command before its own for `nextMs` at most, so that a slow database is asked as often as it must be, and one command
 * that hangs costs no other. They go in the order of their unique names: where a command is a transaction, two processes
 * that bring the same documents in different orders would wait for each other.
 */
export function insertTogether<Doc extends object>(
  collection: Pick<mongo.Collection, 'insertMany'>,
  nameOf: (doc: Doc) => string,
  pace: Required<Pick<Pace, 'mostMs' | 'nextMs'>>,
): (doc: Doc) => Promise<Fault> {
  const insert = together(
    (_doc: Doc) => 'all',
    docs => insertAll(collection, inOrder(docs, nameOf)),
    pace,
  );
  return async doc => (await insert(doc)).get(doc) ?? null;
}

async function insertAll<Doc extends object>(
  collection: Pick<mongo.Collection, 'insertMany'>,
  docs: Doc[],
): Promise<Map<Doc, Fault>> {
  try {
    await collection.insertMany(docs, { ordered: false });
    return new Map();
  } catch (error) {
    const faults = faultsOf(error);
    return new Map(faults.map(fault => [docs[fault.index] as Doc, new mongo.MongoServerError({ ...fault })]));
  }
}

function inOrder<Doc>(docs: readonly Doc[], nameOf: (doc: Doc) => string): Doc[] {
  const named = docs.map(doc => ({ doc, name: nameOf(doc) }));
  return named.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ doc }) => doc);
}

/**
 * The faults of single documents. Throws what was the whole command's, as the driver said it before it wrapped it: who
 * asks has to know whether a server answered.
 */
function faultsOf(error: unknown): { index: number }[] {
  if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
  const { errorResponse: said, writeErrors, result } = error;
  if (said instanceof Error) throw said;
  if (said['ok'] === 0) throw new mongo.MongoServerError(said);
  const faults = [writeErrors].flat();
  // Without faults of documents, or beside them: what was written is not known to be safe.
  if (faults.length === 0 || result.getWriteConcernError()) throw error;
  return faults.map(fault => fault.err);
}
