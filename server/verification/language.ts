/** Charsets that only one language, or one way of writing it, is stored in. */
const WRITTEN_IN: Readonly<Record<string, string>> = {
  shift_jis: 'ja',
  'euc-jp': 'ja',
  'iso-2022-jp': 'ja',
  'euc-kr': 'ko',
  gbk: 'zh-Hans',
  gb18030: 'zh-Hans',
  big5: 'zh-Hant',
};

/** No tag in use comes near it. */
const LONGEST_TAG = 35;

/**
 * The language of a page as a BCP 47 tag in its canonical form: the first declared one that is valid, else
 * what its charset hints at, else null. Takes what pages really write, as `en_GB` and `de, en`.
 */
export function languageOf(declared: readonly (string | null | undefined)[], charset: string): string | null {
  for (const text of declared) {
    const tag = canonical(text?.split(',', 1)[0]?.trim().replaceAll('_', '-') ?? '');
    if (tag) return tag;
  }
  return WRITTEN_IN[charset] ?? null;
}

function canonical(tag: string): string | null {
  if (tag === '' || tag.length > LONGEST_TAG) return null;
  try {
    const { language, baseName } = new Intl.Locale(tag);
    // A name of four letters or more is well-formed, but none is in use: "english" is no tag.
    return language.length <= 3 && language !== 'und' ? baseName : null;
  } catch {
    return null;
  }
}
