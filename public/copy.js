// Copy buttons stay hidden until they work.
if (navigator.clipboard) {
  const news = document.body.appendChild(document.createElement('p'));
  news.className = 'vh';
  news.role = 'status';
  for (const button of document.querySelectorAll('[data-copy]')) {
    const say = (label, text) => {
      button.firstChild.data = label;
      news.textContent = text;
    };
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      say('Copied', 'Address copied');
      setTimeout(say, 2500, 'Copy', '');
    };
    button.hidden = false;
  }
}
