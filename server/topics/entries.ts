import type { Door } from '../mentions/mention.ts';
import type { Listed } from '../mentions/mentions.ts';
import type { Urls } from '../urls.ts';
import { date, direction, isoDay, isoTime, langOf, languageName, time, weekday } from '../web/helpers.ts';

/** A listed post as a topic page shows it. Null: its blog said nothing, or nothing that is worth a word. */
export interface Entry {
  id: string;
  href: string;
  title: string | null;
  excerpt: string | null;
  /** Of title, excerpt and blog name; decides which shapes Han characters take. */
  lang: string | null;
  /** Of the whole entry, its last line included. */
  dir: 'ltr' | 'rtl';
  blog: { name: string; lang: string | null; href: string };
  time: string;
  isoTime: string;
  languageName: string | null;
  doors: string[];
  /** The address of its receipt; empty where there is none. */
  receipt: string;
}

/** The entries of one day (UTC), newest first. */
export interface Day {
  id: string;
  weekday: string;
  date: string;
  entries: Entry[];
}

const DOOR_NAMES: Readonly<Record<Door, string>> = {
  trackback: 'TrackBack',
  pingback: 'Pingback',
  webmention: 'Webmention',
  form: 'Form',
};

/** A list of posts, as it comes from the store, under the days on which they were listed. */
export function byDay(posts: readonly Listed[], urls: Pick<Urls, 'receipt'>): Day[] {
  const days = Map.groupBy(posts.filter(isOnWeb), post => isoDay(post.listedAt));
  return [...days].map(([id, posts]) => {
    const midnight = Date.parse(id);
    return {
      id,
      weekday: weekday(midnight),
      date: date(midnight),
      entries: posts.map(post => entry(post, urls)),
    };
  });
}

/** Addresses were checked when they were taken in; but a page of ours is no place to rely on it. */
export function isOnWeb({ url }: Pick<Listed, 'url'>): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}

function entry({ id, url, site, shown, doors, listedAt }: Listed, urls: Pick<Urls, 'receipt'>): Entry {
  const lang = langOf(shown.language);
  return {
    id,
    href: url,
    title: shown.title,
    excerpt: shown.excerpt,
    lang,
    dir: direction(`${shown.title ?? ''} ${shown.excerpt ?? ''}`),
    blog: {
      name: shown.blogName ?? site,
      lang: shown.blogName === null ? null : lang,
      href: `${new URL(url).origin}/`,
    },
    time: time(listedAt),
    isoTime: isoTime(listedAt),
    languageName: shown.language === null ? null : languageName(shown.language),
    doors: doors.map(door => DOOR_NAMES[door]),
    receipt: urls.receipt(id),
  };
}
