// Runs in the browser, ahead of the page: what the tests ask of a page, in the browser's own terms.

const nameOf = element => {
  const words = element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
  const kind = [element.localName, ...element.classList].join('.');
  return words ? `${kind} "${words}"` : kind;
};

/** Not what has no width of its own, is there for screen readers only (one pixel wide), or scrolls by itself. */
const isBox = element => {
  const { display, overflowX } = getComputedStyle(element);
  const scrolls = ['auto', 'scroll'].includes(overflowX) || element.matches('input, textarea, select');
  return display !== 'inline' && element.clientWidth > 1 && !scrolls;
};

globalThis.inPage = {
  /** What makes the page scroll sideways, or runs over the edge of its own box; nothing when all is well. */
  sticksOut() {
    const { scrollWidth, clientWidth } = document.documentElement;
    const boxes = [...document.body.querySelectorAll('*')].filter(isBox);
    const over = boxes.filter(box => box.scrollWidth > box.clientWidth);
    const names = over.map(box => `${nameOf(box)}: ${box.scrollWidth} px in ${box.clientWidth}`);
    return scrollWidth > clientWidth ? [`the page: ${scrollWidth} px in ${clientWidth}`, ...names] : names;
  },

  /** What a keyboard has to reach in some part of the page, in the order of the document. */
  stops(part) {
    const able = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    return [...document.querySelectorAll(`:is(${part}) :is(${able})`)]
      .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
      .map(nameOf);
  },

  /** Who has the focus, and whether a reader sees that: a ring, on the screen, with nothing on top. */
  focused() {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    const [box] = element.getClientRects();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const onTop = document.elementFromPoint(x, y);
    const ring = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    return {
      name: nameOf(element),
      seen: ring && !/, 0\)$/.test(outlineColor) && onTop !== null && element.contains(onTop),
    };
  },

  /** The words of all that is shown and matches. */
  shown: selector =>
    [...document.querySelectorAll(selector)].filter(element => element.checkVisibility()).map(nameOf),

  /** One property of the first element that matches, or of its `::before`, as the browser reckons it. */
  style: (selector, property, part) =>
    getComputedStyle(document.querySelector(selector), part).getPropertyValue(property),

  /** What the style sheet writes behind each element that matches, as CSS quotes it. */
  behind: selector =>
    [...document.querySelectorAll(selector)].map(element => getComputedStyle(element, '::after').content),

  /** The selectors that the browser can make nothing of. */
  unknown: selectors =>
    selectors.filter(selector => {
      try {
        document.querySelector(selector);
        return false;
      } catch {
        return true;
      }
    }),

  /** Lays rules over the page as a reader's own style sheet would. */
  restyle(rules) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [sheet];
  },
};
