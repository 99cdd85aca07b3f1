import { LRUCache } from 'lru-cache';

/** What pages say of times, numbers and languages. Everything is in English and in UTC. */

const SITE_LANGUAGE = 'en';

/** Made when it is first needed: the first one of all takes 25 ms, which no start should wait for. */
function inUtc(options: Intl.DateTimeFormatOptions): (at: number) => string {
  let format: Intl.DateTimeFormat | undefined;
  return at => {
    format ??= new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });
    return format.format(at);
  };
}

/** "Friday": the small line above a date in the margin. */
export const weekday = inUtc({ weekday: 'long' });

/** "17 July 2026": pages are kept by caches and printed, so a date never leaves its year to be guessed. */
export const date = inUtc({ day: 'numeric', month: 'long', year: 'numeric' });

/** "14:02": the time within a day that is named elsewhere. */
export const time = (at: number) => new Date(at).toISOString().slice(11, 16);

/** "14:02:19": a step of a ping, where several come in one minute. */
export const timeToSecond = (at: number) => new Date(at).toISOString().slice(11, 19);

/** "17 July 2026, 14:02": one moment, in full. */
export const dateAndTime = (at: number) => `${date(at)}, ${time(at)}`;

const dayAndMonth = inUtc({ day: 'numeric', month: 'long' });

/** "17 July", with the year where it is not the year of `now`: for lists, where the eye runs down the days. */
export function shortDate(at: number, now: number): string {
  return isoDay(at).slice(0, 4) === isoDay(now).slice(0, 4) ? dayAndMonth(at) : date(at);
}

const monthOfYear = inUtc({ month: 'long', year: 'numeric' });

/** "March 2024", from a topic's key of that month, `"2024-03"`. */
export const monthAndYear = (key: string) => monthOfYear(Date.parse(key));

/** `2026-07-17`: the day as machines read it, and as a topic page names its sections. */
export const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** `2026-07-17T14:02:19Z`: the moment as machines read it. */
export const isoTime = (at: number) => new Date(at).toISOString().replace(/\.\d+/, '');

/** "1 post", "2 posts" without the number, for nouns that only take an s. */
export const plural = (count: number, noun: string) => (count === 1 ? noun : `${noun}s`);

const languageNames = new LRUCache<string, { name: string | null }>({ max: 500 });

/**
 * What the readers of a language call it: "日本語", "Русский". Null for the language of the site itself
 * and wherever no such name is known; tags come from foreign pages and may be anything.
 */
export function languageName(tag: string): string | null {
  const known = languageNames.get(tag) ?? { name: findLanguageName(tag) };
  languageNames.set(tag, known);
  return known.name;
}

function findLanguageName(tag: string): string | null {
  try {
    const { language } = new Intl.Locale(tag);
    if (language === SITE_LANGUAGE || Intl.DisplayNames.supportedLocalesOf(tag).length === 0) return null;
    const names = new Intl.DisplayNames(tag, { type: 'language', fallback: 'none' });
    return capitalised(names.of(tag) ?? '', tag) || null;
  } catch {
    return null;
  }
}

function capitalised(name: string, tag: string): string {
  // Georgian letters have upper-case forms, but no Georgian word begins with one.
  if (/^\p{Script=Georgian}/u.test(name)) return name;
  return name.replace(/^./u, first => first.toLocaleUpperCase(tag));
}

/** The value of a `lang` attribute, or null where the page's own says the same. */
export const langOf = (tag: string | null) => (tag === SITE_LANGUAGE ? null : tag);

const LETTER = /\p{L}/gu;
const RIGHT_TO_LEFT_LETTER =
  /[\p{L}&&[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Mandaic}\p{Script=Samaritan}]]/gv;

/**
 * Where most of a text's letters begin. A browser's `dir=auto` asks only the first letter, and so
 * sends a Hebrew sentence that begins with "Jekyll" the wrong way.
 */
export function direction(text: string): 'ltr' | 'rtl' {
  const rightToLeft = count(text, RIGHT_TO_LEFT_LETTER);
  return rightToLeft * 2 > count(text, LETTER) ? 'rtl' : 'ltr';
}

const count = (text: string, letter: RegExp) => text.match(letter)?.length ?? 0;

/**
 * A text that may stand in an HTML comment, as TrackBack's discovery block asks for: two hyphens
 * would end the comment for an XML reader. Escaping is left to the template, as everywhere.
 */
export const withoutDoubleHyphens = (text: string) => text.replace(/-{2,}/g, '-');
