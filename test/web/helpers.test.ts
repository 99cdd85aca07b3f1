import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  date,
  dateAndTime,
  direction,
  isoDay,
  isoTime,
  langOf,
  languageName,
  monthAndYear,
  plural,
  shortDate,
  time,
  weekday,
  withoutDoubleHyphens,
} from '../../server/web/helpers.ts';

const AT = Date.parse('2026-07-17T14:02:19.345Z');

test('times are told in UTC, in full', () => {
  assert.equal(weekday(AT), 'Friday');
  assert.equal(date(AT), '17 July 2026');
  assert.equal(time(AT), '14:02');
  assert.equal(dateAndTime(AT), '17 July 2026, 14:02');
  assert.equal(monthAndYear('2024-03'), 'March 2024');
  assert.equal(isoDay(AT), '2026-07-17');
  assert.equal(isoTime(AT), '2026-07-17T14:02:19Z');
});

test('midnight is 00:00 of the day it begins', () => {
  const midnight = Date.parse('2026-07-18T00:00:00Z');
  assert.equal(dateAndTime(midnight), '18 July 2026, 00:00');
  assert.equal(weekday(midnight - 1), 'Friday');
});

test('a short date names its year when that is not this year', () => {
  assert.equal(shortDate(AT, AT), '17 July');
  assert.equal(shortDate(AT, Date.parse('2027-01-01T00:00:00Z')), '17 July 2026');
});

test('one is singular, none and many are plural', () => {
  assert.deepEqual(
    [0, 1, 2].map(count => plural(count, 'post')),
    ['posts', 'post', 'posts'],
  );
});

test('a language is called by its own name', () => {
  const names = {
    ja: '日本語',
    ar: 'العربية',
    'zh-Hans': '简体中文',
    ru: 'Русский',
    de: 'Deutsch',
    ka: 'ქართული',
  };
  for (const [tag, name] of Object.entries(names)) assert.equal(languageName(tag), name);
});

test('the language of the site, unknown ones and nonsense have no name', () => {
  for (const tag of ['en', 'en-GB', 'xx', 'und', 'mul', '', 'not a tag', '"><script>']) {
    assert.equal(languageName(tag), null, tag);
  }
});

test('only a language that is not the page’s own is marked', () => {
  assert.equal(langOf('en'), null);
  assert.equal(langOf(null), null);
  assert.equal(langOf('pt-BR'), 'pt-BR');
});

test('the direction of a text is that of most of its letters, not of the first one', () => {
  assert.equal(direction('Jekyll ובחזרה אל השולחן'), 'rtl');
  assert.equal(direction('لماذا عدت إلى WordPress'), 'rtl');
  assert.equal(direction('שלום, said the long English sentence'), 'ltr');
  assert.equal(direction('静的サイト'), 'ltr');
  assert.equal(direction('12:30 …'), 'ltr');
  assert.equal(direction(''), 'ltr');
});

test('no two hyphens stay together', () => {
  assert.equal(withoutDoubleHyphens('a -- b --- c-d --><!--'), 'a - b - c-d -><!-');
});
