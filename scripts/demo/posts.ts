/** One post of the demo: written by a blog in its own language and charset, and sent to one topic. */
export interface DemoPost {
  /** The blog's host label and its name. */
  blog: string;
  name: string;
  path: string;
  language: string;
  charset: string;
  topic: string;
  title: string;
  /** The paragraph before and behind the link. */
  before: string;
  linkText: string;
  after: string;
  /** Leaves the link out, as authors do. */
  forgetsLink?: true;
  /** Is written while the reader is already looking. */
  late?: true;
}

const rtl = new Set(['ar', 'he']);

/** The blogs of the demo: eleven languages, nine charsets, three topics. */
export const POSTS: readonly DemoPost[] = [
  {
    blog: 'crumb-and-crust',
    name: 'Crumb & Crust',
    path: '/2026/stiff-levain',
    language: 'en',
    charset: 'utf-8',
    topic: 'bread-baking',
    title: 'A stiff levain, a cold kitchen, and no hurry at all',
    before:
      'For a month I have fed the starter with half the water. It rises later and forgives more. Filed under',
    linkText: 'bread baking',
    after: 'with the timetable that finally fits around a working day.',
  },
  {
    blog: 'mehl-und-wasser',
    name: 'Mehl & Wasser',
    path: '/sauerteig-im-hochsommer',
    language: 'de',
    charset: 'iso-8859-1',
    topic: 'bread-baking',
    title: 'Sauerteig im Hochsommer: fünf Grad machen den Unterschied',
    before: 'Bei 31 Grad in der Küche ist die Gare nach drei Stunden vorbei. Was hilft, steht hier und bei',
    linkText: 'anderen Bäckern',
    after: 'die dasselbe messen, nur mit besseren Thermometern.',
  },
  {
    blog: 'le-fournil',
    name: 'Le fournil du dimanche',
    path: '/tourte-de-seigle',
    language: 'fr',
    charset: 'windows-1252',
    topic: 'bread-baking',
    title: 'La tourte de seigle, ou l’art d’attendre',
    before: 'On la mange le surlendemain, jamais avant. D’autres recettes se trouvent sous',
    linkText: 'le thème du pain',
    after: 'où chacun jure que la sienne est la bonne – même la mienne, à 3 € le kilo.',
  },
  {
    blog: 'zakvaska',
    name: 'Закваска',
    path: '/?p=118',
    language: 'ru',
    charset: 'koi8-r',
    topic: 'bread-baking',
    title: 'Бородинский хлеб без формы',
    before: 'Три попытки, две лепёшки и наконец буханка, которая стоит сама. Остальное собрано в теме',
    linkText: 'о хлебе',
    after: 'вместе с таблицей температур.',
  },
  {
    blog: 'pieczenie',
    name: 'Chleb na zakwasie',
    path: '/zytni-razowy',
    language: 'pl',
    charset: 'iso-8859-2',
    topic: 'bread-baking',
    title: 'Żytni razowy dla cierpliwych',
    before: 'Ciasto jest gęste jak błoto i tak właśnie ma być. Więcej wpisów w temacie',
    linkText: 'pieczenie chleba',
    after: 'a mój zakwas ma już dziewięć lat.',
  },
  {
    blog: 'plain-paper',
    name: 'Plain Paper',
    path: '/2026/eleventy-weekend',
    language: 'en',
    charset: 'utf-8',
    topic: 'static-site-generators',
    title: 'Eight hundred posts, one weekend, and a folder of Markdown',
    before:
      'Eleven years of categories nobody used, and one shortcode that held everything together. Sent to',
    linkText: 'static site generators',
    after: 'because that is where the people sit who have done it twice.',
  },
  {
    blog: 'ame-to-seiteki',
    name: '雨と静的サイト',
    path: '/ssg.html',
    language: 'ja',
    charset: 'shift_jis',
    topic: 'static-site-generators',
    title: '静的サイトジェネレーターを自作してわかったこと',
    before: 'Markdown を HTML に変えるだけのはずが、気がつくと依存関係の表を書いていた。',
    linkText: 'トピックへ',
    after: '三百行で止めるために捨てた機能の一覧も載せました。',
  },
  {
    blog: 'yeobaek',
    name: '여백의 기록',
    path: '/static',
    language: 'ko',
    charset: 'euc-kr',
    topic: 'static-site-generators',
    title: '정적 사이트로 옮긴 뒤 달라진 글쓰기 습관',
    before: '빌드가 끝나기를 기다리는 동안 한 번 더 읽게 되었다.',
    linkText: '주제 페이지',
    after: '속도가 아니라 여백이 생긴 이야기.',
  },
  {
    blog: 'daftar-salma',
    name: 'دفتر سلمى',
    path: '/static',
    language: 'ar',
    charset: 'utf-8',
    topic: 'static-site-generators',
    title: 'لماذا عدت إلى المواقع الثابتة بعد عشر سنوات',
    before: 'لا قاعدة بيانات ولا تحديثات أمنية في منتصف الليل. أكتب ملفًا نصيًا ثم أنام. المزيد في',
    linkText: 'صفحة الموضوع',
    after: 'حيث كتب غيري الحكاية نفسها.',
  },
  {
    blog: 'varanda',
    name: 'Varanda',
    path: '/pare',
    language: 'pt-BR',
    charset: 'utf-8',
    topic: 'static-site-generators',
    title: 'Pare de recomendar geradores de sites estáticos para a minha mãe',
    before: 'Ela só queria publicar fotos das orquídeas. Uma carta de amor, com ressalvas, para',
    linkText: 'quem gosta de terminal',
    after: 'e para quem não gosta.',
  },
  {
    blog: 'forgetful',
    name: 'A Forgetful Blog',
    path: '/no-link',
    language: 'en',
    charset: 'utf-8',
    topic: 'static-site-generators',
    title: 'A post whose author forgot the link',
    before:
      'This blog pings the topic, but the post never links to it, so it is not listed. That is how the hub',
    linkText: 'keeps spam out',
    after: 'and why the author should look again.',
    forgetsLink: true,
  },
  {
    blog: 'starlight',
    name: 'Starlight',
    path: '/orion-from-a-balcony',
    language: 'en',
    charset: 'utf-8',
    topic: 'night-sky',
    title: 'Orion from a balcony between two street lamps',
    before: 'Seven stars with the naked eye, and the nebula in a pair of binoculars older than me. Notes for',
    linkText: 'the night sky topic',
    after: 'with a drawing I am not ashamed of.',
  },
  {
    blog: 'shulchan',
    name: 'שולחן עבודה',
    path: '/perseids',
    language: 'he',
    charset: 'windows-1255',
    topic: 'night-sky',
    title: 'לילה אחד במדבר עם הפרסאידים',
    before: 'ארבעים ושלושה מטאורים בשעה, ספל קפה אחד. עוד רשימות נמצאות',
    linkText: 'בנושא שמי הלילה',
    after: 'ומי שלא ישן מוזמן להוסיף.',
  },
  {
    blog: 'shanjian',
    name: '山间纸条',
    path: '/milky-way',
    language: 'zh-Hans',
    charset: 'gbk',
    topic: 'night-sky',
    title: '在山顶等银河升起',
    before: '凌晨两点，云散了。相机只有一台，三脚架是借来的。更多观星笔记在',
    linkText: '夜空主题',
    after: '我写下了曝光时间和温度。',
  },
  {
    blog: 'late-riser',
    name: 'The Late Riser',
    path: '/venus',
    language: 'en',
    charset: 'utf-8',
    topic: 'night-sky',
    title: 'Venus at breakfast (this post came in while you were reading)',
    before: 'Still bright at twenty past seven, if you know where to look. I sent it to',
    linkText: 'the night sky',
    after: 'and it was there a moment later.',
    late: true,
  },
];

/** A post as a page, in the words and the charset of its blog (the caller encodes it). */
export function pageOf(post: DemoPost, topicAddress: string): string {
  const link = post.forgetsLink ? post.linkText : `<a href="${topicAddress}">${post.linkText}</a>`;
  return `<!DOCTYPE html>
<html lang="${post.language}" dir="${rtl.has(post.language) ? 'rtl' : 'ltr'}">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=${post.charset}">
<title>${post.title} | ${post.name.replace('&', '&amp;')}</title>
</head>
<body>
<p><a href="/">${post.name.replace('&', '&amp;')}</a></p>
<h1>${post.title}</h1>
<p>${post.before} ${link}, ${post.after}</p>
</body>
</html>
`;
}
