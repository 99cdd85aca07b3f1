/** A post that is hard to lay out, and what its page says of itself. */
export interface HardPost {
  path: string;
  language: string;
  title: string;
  /** The paragraph before the link. */
  text: string;
  blogName: string;
}

const LONGEST = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/** From several scripts and both directions, with words that no line can hold, and with no words at all. */
export const HARD_POSTS: readonly HardPost[] = [
  {
    path: '/orion',
    language: 'en',
    title: 'Orion in winter, or how I learned to love a cold tripod and an early bus home',
    text: 'Three stars in a row, a smudge below them, and a sky that is clear on the one night before work.',
    blogName: 'Starlight',
  },
  {
    path: '/2026/07/%D8%B3%D9%85%D8%A7%D8%A1',
    language: 'ar',
    title: 'سماء الليل فوق الصحراء: ثلاث ليالٍ بلا قمر',
    text: 'في الليلة الأولى رأينا درب التبانة من الأفق إلى الأفق، وفي الثالثة عدنا ومعنا تلسكوب Dobson صغير.',
    blogName: 'مدوّنة النجوم',
  },
  {
    path: '/archive/%E5%A4%A9%E3%81%AE%E5%B7%9D',
    language: 'ja',
    title: '天の川を撮る：街明かりから三十キロ離れた場所で、三脚と毛布だけを持って',
    text: '七月の終わり、山の上の駐車場で夜が明けるまで空を見ていた。雲が切れたのは午前二時ごろで、それからは一枚も無駄にしなかった。',
    blogName: '星と毛布',
  },
  {
    path: '/he/meteors',
    language: 'he',
    title: 'גשם המטאורים של אוגוסט (Perseids 2026)',
    text: 'ספרנו ארבעים ושניים בשעה אחת, ואז הגיעו העננים.',
    blogName: 'לילה',
  },
  {
    path: '/hi/chandra',
    language: 'hi',
    title: 'चंद्रमा के गड्ढे छोटी दूरबीन से',
    text: 'पहली रात केवल बादल दिखे, दूसरी रात टाइको और कोपरनिकस।',
    blogName: 'रात की डायरी',
  },
  {
    path: `/${'a-very-long-path-without-an-end/'.repeat(5)}${'x'.repeat(90)}`,
    language: 'de',
    title: `${LONGEST}${LONGEST}`,
    text: `https://example.org/${'0123456789'.repeat(14)} ${LONGEST}${LONGEST.toLowerCase()}`,
    blogName: LONGEST,
  },
  {
    path: '/untitled',
    language: 'en',
    title: '',
    text: 'A note without a title, about Saturn.',
    blogName: '',
  },
  { path: '/nothing', language: 'en', title: '', text: '', blogName: '' },
];

/** The page of a post; what links to the topic is a picture, so that it adds no words. */
export function pageOf(post: HardPost, topic: string): string {
  const site = post.blogName && `<meta property="og:site_name" content="${post.blogName}">`;
  const title = post.title && `<title>${post.title}</title>`;
  const heading = post.title && `<h1>${post.title}</h1>`;
  return `<!doctype html><html lang="${post.language}"><head><meta charset="utf-8">${title}${site}</head>
<body><article>${heading}<p>${post.text} <a href="${topic}"><img src="/star.png" alt=""></a></p></article></body></html>`;
}
