// Steady: what a pointer holds stays under it, however the sentences above it grow while it is moved.

/** The boxes in which an element is laid out, itself first. */
function boxesOf(element) {
  const boxes = [];
  for (let box = element; box; box = box.offsetParent) boxes.push(box);
  return boxes;
}

/** Where an element is laid out on the page, wherever a transform shows it and however far one has scrolled. */
const topOf = (element) => boxesOf(element).reduce((top, box) => top + box.offsetTop, 0);

/** A column that sticks to the screen stays where it is by itself. */
const sticks = (element) => boxesOf(element).some((box) => getComputedStyle(box).position === "sticky");

/**
 * While a pointer is held down, `growing` does not shrink, and the page scrolls by what it grows. Without
 * this, a threshold dragged to where the run is thrown slips from under the pointer, and the value with it.
 * @param {HTMLElement} growing
 */
export function steadyView(growing) {
  /** @type {HTMLElement | null} */
  let held = null;
  let top = 0;
  const page = document.documentElement;

  function follow() {
    const moved = topOf(held) - top;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
    top += moved;
  }

  function release() {
    if (!held) return;
    growing.style.minHeight = "";
    follow();
    held = null;
    page.style.overflowAnchor = "";
  }

  addEventListener(
    "pointerdown",
    (event) => {
      const pressed = /** @type {HTMLElement | null} */ (event.target.closest("input, canvas, div"));
      held = pressed && !sticks(pressed) ? pressed : null;
      if (!held) return;
      top = topOf(held);
      // Some browsers would follow as well, others not.
      page.style.overflowAnchor = "none";
    },
    true,
  );
  for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, release);

  return {
    /** After whatever may have changed its height. */
    draw() {
      if (!held) return;
      growing.style.minHeight = `${growing.offsetHeight}px`;
      follow();
    },
  };
}
