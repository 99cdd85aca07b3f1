import express, { type Request, type RequestHandler } from 'express';

/** Reads every kind of body as bytes: senders declare what they like, and in any charset. */
export function pingBody(mostBytes: number): RequestHandler {
  return express.raw({ type: () => true, limit: mostBytes, inflate: false });
}

/** What `pingBody` read; nothing where there was no body. */
export function bytesOf(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** What `pingBody` would not read, in our words; null for a fault of another kind. */
export function refusalOfBody({ type }: { type?: unknown }): 'too-large' | 'unreadable' | null {
  if (type === 'entity.too.large') return 'too-large';
  return type === 'encoding.unsupported' || type === 'request.size.invalid' ? 'unreadable' : null;
}

/** Whether the sender hung up before its body was whole: nobody is left to be answered. */
export const isHangUp = ({ type }: { type?: unknown }): boolean => type === 'request.aborted';
