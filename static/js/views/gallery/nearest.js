// Nearest: the element to which an arrow key moves.

// Pixels: moving sideways by one counts as much as moving on by this many.
const SIDEWAYS = 3;
const SLACK = 1; // pixels by which neighbours may overlap

/** The gap between two intervals; 0 if they overlap. */
const gap = (lowA, highA, lowB, highB) => Math.max(0, lowB - highA, lowA - highB);

/** How far a box is in each direction, or a negative number if it is not in that direction. */
const AHEAD = {
  ArrowDown: (from, box) => box.top - from.bottom,
  ArrowUp: (from, box) => from.top - box.bottom,
  ArrowRight: (from, box) => box.left - from.right,
  ArrowLeft: (from, box) => from.left - box.right,
};

/** Whether a key moves. */
export const isArrow = (key) => key in AHEAD;

/** The element that is nearest to `current` in the direction of an arrow key, or undefined. */
export function nearest(key, current, elements) {
  const from = current.getBoundingClientRect();
  const vertical = key === "ArrowDown" || key === "ArrowUp";
  let [best, least] = [undefined, Infinity];
  for (const element of elements) {
    const box = element.getBoundingClientRect();
    const ahead = AHEAD[key](from, box);
    if (element === current || ahead < -SLACK) continue;
    const aside = vertical
      ? gap(from.left, from.right, box.left, box.right)
      : gap(from.top, from.bottom, box.top, box.bottom);
    const distance = ahead + SIDEWAYS * aside;
    if (distance < least) [best, least] = [element, distance];
  }
  return best;
}
