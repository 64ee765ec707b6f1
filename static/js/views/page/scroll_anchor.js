// Steady: what a pointer holds stays under it, however the sentences above it grow while it is moved.

/** The boxes in which an element is laid out, itself first. */
function boxesOf(element) {
  const boxes = [];
  for (let box = element; box; box = box.offsetParent) boxes.push(box);
  return boxes;
}

/** Where an element is laid out on the page, wherever a transform shows it and however far one has scrolled. */
const topOf = (element) => boxesOf(element).reduce((top, box) => top + box.offsetTop, 0);

/** The column that sticks to the screen and scrolls by itself, if the element is in one. */
const columnOf = (element) => boxesOf(element).find((box) => getComputedStyle(box).position === "sticky") ?? null;

/**
 * While a pointer is held down, none of `growing` shrinks, and the page, or the column that holds what is held,
 * scrolls by what they grow. Without this, a threshold dragged to where the run is thrown slips from under the
 * pointer, and the value with it.
 * @param {HTMLElement[]} growing
 */
export function steadyView(growing) {
  /** @type {HTMLElement | null} */
  let held = null;
  /** @type {HTMLElement | null} */
  let column = null;
  let top = 0;
  const page = document.documentElement;
  // A column that sticks stays where it is: within it alone things can move.
  const place = () => topOf(held) - (column ? topOf(column) : 0);

  function follow() {
    // What has been hidden or replaced meanwhile is nowhere.
    if (!held.offsetParent) return;
    const moved = place() - top;
    if (moved) (column ?? window).scrollBy({ top: moved, behavior: "instant" });
    top += moved;
  }

  function release() {
    if (!held) return;
    for (const element of growing) element.style.minHeight = "";
    follow();
    held = null;
    page.style.overflowAnchor = "";
    if (column) column.style.overflowAnchor = "";
  }

  addEventListener(
    "pointerdown",
    (event) => {
      held = event.target.closest("input, canvas, div");
      if (!held) return;
      column = columnOf(held);
      top = place();
      // Some browsers would follow as well, others not.
      page.style.overflowAnchor = "none";
      if (column) column.style.overflowAnchor = "none";
    },
    true,
  );
  for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, release);

  return {
    /** After whatever may have changed its height. */
    draw() {
      if (!held) return;
      for (const element of growing) element.style.minHeight = `${element.offsetHeight}px`;
      follow();
    },
  };
}
