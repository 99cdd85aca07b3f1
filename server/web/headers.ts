/** Response headers as pairs, ready to be sent. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** For everything this hub answers: nothing is sniffed, framed or run that is not ours. */
export const SAFETY_HEADERS: Headers = [
  [
    'Content-Security-Policy',
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
];
