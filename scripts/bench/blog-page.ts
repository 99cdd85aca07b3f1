const LENGTH = 80 * 1024;

/** The page of a post as they are: 80 KB, mostly paragraphs and links, with the link to the topic in the middle. */
export function blogPage(target: string): string {
  const half = Array.from({ length: LENGTH / 2 / 512 }, (_, index) => paragraph(index)).join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Orion from a balcony between two street lamps | Starlight</title>
<meta name="description" content="Seven stars with the naked eye, and the nebula in old binoculars.">
<meta property="og:site_name" content="Starlight">
</head>
<body>
<h1>Orion from a balcony between two street lamps</h1>
${half}
<p>Notes for <a href="${target}">the night sky topic</a>, with a drawing I am not ashamed of.</p>
${half}
</body>
</html>
`;
}

/** About 512 bytes. */
function paragraph(index: number): string {
  return `<p class="entry">The ${index}. night began with clouds &amp; ended with <em>stars</em>. What the
<a href="https://blog-${index}.example/post/${index}" rel="nofollow">neighbours</a> said about it stands in the
comments; the telescope was borrowed, the tripod was not, and the coffee came out of a can that is older than
most of the readers here. <img src="/images/${index}.jpg" alt="A drawing"> More of the same tomorrow, if the
forecast is right for once, and <a href="/archive/${index}">in the archive</a> if it is not. Good night all.</p>`;
}
