const LENGTH = 1024 * 1024;

/** The topic that some of these pages link to, and others that their post was pinged for. */
export const TOPICS = ['night-sky', 'feeds-and-readers', 'static-site-generators', 'bread-baking', 'rust'];
const LINK = '<a href="https://hub.example/t/night-sky">night sky</a>';

/** A page of 1 MiB that is made to cost as much as it can. */
export interface HostilePage {
  name: string;
  bytes: Buffer;
}

/** The pages of security.md 8.4 filled up to 1 MiB, and some made for this reader: what it counts, resolves, cleans. */
export function hostilePages(): HostilePage[] {
  const pages: [name: string, piece: string, start?: string, end?: string][] = [
    ['<div>', '<div>'],
    ['<ul><li>', '<ul><li>'],
    ['<b>', '<b>'],
    ['<p><b id=i>', '<p><b id=i>'],
    ['attributes', ' a0', '<a', '>x</a>'],
    ['</p>', '</p>'],
    ['<table><tr><td>', '<table><tr><td>'],
    ['<template>', '<template>'],
    ['<svg><desc>', '<svg><desc>'],
    ['links', `<a href="https://elsewhere.example/x">x</a>`],
    ['links to the hub', `<a href="https://hub.example/t/other">x</a>`],
    ['short links', '<a href=x>'],
    ['short links from a long base', '<a href=x>', `<base href="https://hub.example/${'a/'.repeat(1_000)}">`],
    ['broken links', '<a href="https://[x">x</a>'],
    ['<', '<'],
    ['<!--', '<!--'],
    ['<!---->', '<!---->'],
    ['&amp;', '&amp;'],
    ['&', '&'],
    ['&amp; in an address', '&amp;', '<a href="', '">x</a>'],
    ['&amp; in a title', '&amp;', '<title>', '</title>'],
    ['meta', '<meta name=a content=b>'],
    ['h1', '<h1>a</h1>'],
    ['marks', '\u0323\u0301'],
    ['marks in a title', '\u0323\u0301', '<title>', '</title>'],
    ['spaces', ' '],
    ['NUL', '\0'],
    ['one word', 'a'],
    ['one family', '\u{1F468}\u200d'],
  ];
  // Without the link, so that what comes near is looked for.
  const unlinked: typeof pages = [
    ['near links', nearLinks()],
    ['near links, many', manyNearLinks()],
    ['addresses in text', 'hub.example/t/nights-sky '],
    ['long addresses in text', `hub.example/${'%41.'.repeat(500)} `],
    ['punctuation behind addresses', `hub.example/${'.-'.repeat(240)}a `],
    ['half addresses', 'hub.exampl'],
    ['escaped addresses in a comment', `//hub.example${'\\/'.repeat(900)} `, '<!--'],
  ];
  const bytesOf = (piece: string, start = '', end = '') => {
    const room = LENGTH - Buffer.byteLength(start + end);
    const times = Math.floor(room / Buffer.byteLength(piece));
    return Buffer.from(start + piece.repeat(times) + end);
  };
  const written = [
    ...pages.map(([name, piece, start, end = '']) => ({ name, bytes: bytesOf(piece, start, end + LINK) })),
    ...unlinked.map(([name, ...parts]) => ({ name, bytes: bytesOf(...parts) })),
  ];
  const links = { name: 'different links to the hub', bytes: differentLinks() };
  // Without a charset that is said, the reader has to guess it.
  const high = { name: 'bytes of no charset', bytes: Buffer.alloc(LENGTH, Buffer.from([0xe3, 0x81, 0xff])) };
  return [...written, links, high];
}

/** More links to the hub than are measured, no two the same, each in a text that is long to clean. */
function nearLinks(): string {
  const text = 'A sentence with w\u00f6rds, o\u0323\u0301. '.repeat(50);
  const link = (n: number) =>
    `<p>${text}<a href="https://hub.example/${n}${'sky-night'.repeat(8)}${n}">x</a>`;
  return Array.from({ length: 300 }, (_, n) => link(n)).join('');
}

/** As many of them as fit, each as long as distances are measured. */
function manyNearLinks(): string {
  const link = (n: number) => `<a href="https://hub.example/t/${n}${'sky-night'.repeat(8)}${n}">x</a>`;
  return Array.from({ length: 8_500 }, (_, n) => link(n)).join('');
}

/** As many as fit, no two the same, and all of them short. */
function differentLinks(): Buffer {
  const base = '<base href=//hub.example/>';
  const pieces = Array.from({ length: LENGTH / '<img src=10000>'.length - 10 }, (_, n) => `<img src=${n}>`);
  return Buffer.from(base + pieces.join('') + LINK);
}
