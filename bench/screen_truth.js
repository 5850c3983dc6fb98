// Returns what stands in the viewport according to the DOM: {words, cjk, ignore}, boxes in pixels of the picture.
// A word is a run of characters without white space and Chinese, on one line without a gap.  Words that an edge of the
// viewport or of a scrolling box cuts, or that stand slanted, are no part of the truth, nor are pictures and the numbers before the items of a
// list, which no text node holds: reading them is neither right nor wrong.
(scale) => {
  const CJK = /[⺀-⿟々-〇㐀-䶿一-鿿豈-﫿]/u;
  const TOUCH = 1.0; // CSS pixels; characters further apart belong to two words
  const words = [], cjk = [], ignore = [];
  let word = null;

  const box = (r) => [r.left, r.top, r.right, r.bottom].map((v) => Math.round(v * scale * 10) / 10);
  const turned = (element) => {
    for (let e = element; e; e = e.parentElement) if (/matrix\([^,]*, *-?(0\.0*)?[1-9]/.test(getComputedStyle(e).transform)) return true;
    return false;
  };
  const flush = () => {
    if (word && word.cut) ignore.push({ b: box(word) });
    else if (word) words.push({ t: word.t, b: box(word), f: word.f, m: word.m });
    word = null;
  };
  // The part of the viewport in which an element's text is painted.
  const pane = (element) => {
    const seen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      if (getComputedStyle(e).overflow === "visible" || getComputedStyle(e).display === "inline") continue;
      const r = e.getBoundingClientRect();
      seen.left = Math.max(seen.left, r.left); seen.right = Math.min(seen.right, r.right);
      seen.top = Math.max(seen.top, r.top); seen.bottom = Math.min(seen.bottom, r.bottom);
    }
    return seen;
  };
  const add = (text, r, seen, style, slanted) => {
    if (r.right <= seen.left || r.left >= seen.right || r.bottom <= seen.top || r.top >= seen.bottom) return flush();
    const cut = r.left < seen.left - 1 || r.right > seen.right + 1 || r.top < seen.top - 1 || r.bottom > seen.bottom + 1 || slanted;
    if (CJK.test(text)) {
      flush();
      return cut ? ignore.push({ b: box(r) }) : cjk.push({ t: text, b: box(r) });
    }
    const near = word && Math.abs(r.left - word.right) <= TOUCH && r.top < word.bottom && word.top < r.bottom;
    if (!near) flush();
    if (!word) {
      const m = /mono|courier|consol/i.test(style.fontFamily) ? 1 : 0;
      word = { t: "", left: r.left, top: r.top, right: r.right, bottom: r.bottom, f: parseFloat(style.fontSize), m };
    }
    word.t += text; word.right = r.right; word.cut = word.cut || cut;
    word.top = Math.min(word.top, r.top); word.bottom = Math.max(word.bottom, r.bottom);
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement, style = getComputedStyle(element);
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    range.selectNodeContents(node);
    const around = range.getBoundingClientRect();
    if (around.bottom < 0 || around.top > innerHeight || around.width === 0) { flush(); continue; }
    const seen = pane(element), slanted = turned(element);
    let start = 0;
    for (const text of node.data) {
      range.setStart(node, start); range.setEnd(node, start + text.length);
      start += text.length;
      const r = range.getClientRects()[0];
      if (/\s/u.test(text) || !r || r.width === 0) flush();
      else add(text, r, seen, style, slanted);
    }
  }
  flush();
  for (const e of document.querySelectorAll("img, svg, canvas")) ignore.push({ b: box(e.getBoundingClientRect()) });
  for (const e of document.querySelectorAll("ol > li, summary")) {
    const r = e.getBoundingClientRect(), size = parseFloat(getComputedStyle(e).fontSize);
    ignore.push({ b: box({ left: r.left - 3 * size, top: r.top, right: r.left, bottom: r.top + 2 * size }) });
  }
  return { words, cjk, ignore };
}
