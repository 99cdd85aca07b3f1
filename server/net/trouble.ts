import type { Trouble } from '../mentions/mention.ts';

/** An error that knows what a receipt will call it. */
export type TroubledError = Error & { trouble: Trouble };

/** An error about another's server or name, which whoever asked can report as `trouble`. */
export function troubled(trouble: Trouble, message: string, cause?: unknown): TroubledError {
  return Object.assign(new Error(message, { cause }), { trouble });
}

/** The trouble an error was given; null for every other error. */
export function troubleOf(error: unknown): Trouble | null {
  return error instanceof Error && 'trouble' in error ? (error as TroubledError).trouble : null;
}
