// Scroll anchor: while a pointer is held down, the element under it stays where it is, even if elements above it grow.
// Otherwise, when a new threshold makes a sentence above its slider longer, the slider would slip from under the
// pointer and the threshold would change again.

const HELD = "input, canvas, div"; // the kinds of elements that are dragged on the page

/** The boxes in which an element is laid out, itself first. */
function boxesOf(element) {
  const boxes = [];
  for (let box = element; box; box = box.offsetParent) boxes.push(box);
  return boxes;
}

/** Where an element is laid out on the page, regardless of transforms and of scrolling. */
const topOf = (element) => boxesOf(element).reduce((top, box) => top + box.offsetTop, 0);

/** The sticky column that contains an element and scrolls by itself, if there is one. */
const columnOf = (element) => boxesOf(element).find((box) => getComputedStyle(box).position === "sticky") ?? null;

/** An element that is held, and the page or the column that scrolls to keep it in place. */
function anchorOf(element) {
  const column = columnOf(element);
  // A sticky column stays where it is: only its contents move.
  const place = () => topOf(element) - (column ? topOf(column) : 0);
  const scrollers = [document.documentElement, ...(column ? [column] : [])];
  let top = place();
  return {
    /** Turn the browser's own scroll anchoring off and on: some browsers would scroll as well. */
    setOwnAnchoring(on) {
      for (const scroller of scrollers) scroller.style.overflowAnchor = on ? "" : "none";
    },
    /** Scroll by the distance that the element has moved. */
    follow() {
      // An element that has been hidden or replaced has no position.
      if (!element.offsetParent) return;
      const distance = place() - top;
      if (distance) (column ?? window).scrollBy({ top: distance, behavior: "instant" });
      top += distance;
    },
  };
}

/**
 * While a pointer is held down, none of the `growing` elements shrinks.
 * @param {HTMLElement[]} growing
 */
export function scrollAnchor(growing) {
  let anchor = null;

  function hold(event) {
    const element = event.target.closest(HELD);
    anchor = element && anchorOf(element);
    anchor?.setOwnAnchoring(false);
  }

  function release() {
    if (!anchor) return;
    // The elements may now shrink, which moves the page once more.
    for (const element of growing) element.style.minHeight = "";
    anchor.follow();
    anchor.setOwnAnchoring(true);
    anchor = null;
  }

  // In the capture phase, so that the position is read before other listeners change the page.
  addEventListener("pointerdown", hold, true);
  for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, release);

  return {
    /** To be called after the growing elements have been drawn. */
    draw() {
      if (!anchor) return;
      for (const element of growing) element.style.minHeight = `${element.offsetHeight}px`;
      anchor.follow();
    },
  };
}
