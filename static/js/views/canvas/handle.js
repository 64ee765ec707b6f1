// Handle: an element that is dragged by mouse, finger or pen, or moved by arrow keys.

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export const STILL = 4; // pixels that a pointer moves during a press that is not a drag

/** Pixel of the area at a pointer. */
function pixelAt(area, event) {
  const box = area.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** Centre of the handle in pixels of the area. */
function centreOf(handle, area) {
  const box = handle.getBoundingClientRect();
  const own = area.getBoundingClientRect();
  return [box.left + box.width / 2 - own.left, box.top + box.height / 2 - own.top];
}

/** Handlers of the pointer's events, for one drag after another: `begin`, `follow` and `end`. */
function dragOf(handle, area, { move, tap }) {
  let offset = null; // from the handle's centre to the pointer; null while nothing is dragged
  let last = null;
  let pressed = null; // the first pixel, until the pointer has moved away from it

  return {
    held: () => Boolean(offset),
    begin(event, centred) {
      // A disabled handle is locked, wherever on its area the press is.
      if (event.button !== 0 || handle.disabled) return;
      const [px, py] = pixelAt(area, event);
      const [x, y] = centred ? [px, py] : centreOf(handle, area);
      offset = [px - x, py - y];
      pressed = [px, py];
      handle.setPointerCapture(event.pointerId);
      handle.classList.add("held");
      // Arrow keys continue where the drag ended; a scroll would move the map under the pointer.
      handle.focus({ preventScroll: true });
      event.preventDefault();
      last = [x, y];
      if (centred) move(...last, false);
    },
    follow(event) {
      if (!offset) return;
      const [px, py] = pixelAt(area, event);
      if (pressed && Math.hypot(px - pressed[0], py - pressed[1]) > STILL) pressed = null;
      // The press may still end as a tap.
      if (pressed && tap) return;
      last = [px - offset[0], py - offset[1]];
      move(...last, false);
    },
    end() {
      if (!offset) return;
      offset = null;
      handle.classList.remove("held");
      if (pressed && tap) tap(...pressed);
      else move(...last, true);
    },
  };
}

/** Call `nudge` with a hundredth of the window in an arrow key's direction, with Shift a thousandth. */
function nudgeByKey(event, nudge) {
  const direction = KEYS[event.key];
  if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
  const size = event.shiftKey ? 0.001 : 0.01;
  nudge(direction[0] * size, direction[1] * size);
  // Arrow keys would also scroll the page.
  event.preventDefault();
}

/** Start a drag at any press on the area by mouse, except on the handle and on buttons. */
function grabAnywhere(handle, area, drag) {
  area.addEventListener("pointerdown", (event) => {
    // A finger on the map scrolls the page, so only a mouse moves the handle from a distance.
    const elsewhere = event.target !== handle && !event.target.closest("button");
    if (event.pointerType === "mouse" && elsewhere) drag.begin(event, true);
  });
}

/**
 * Make `handle` draggable over `area`. `move(px, py, done)` gets pixels of the area; `nudge(dx, dy)` gets shares of the
 * window. With `grab`, a press by mouse anywhere on the area moves the handle there. `tap(px, py)` gets the pixel of a
 * press on the handle that ends where it began. Without `tap`, such a press is a drag of length zero.
 */
export function draggable(handle, area, { move, nudge, grab = false, tap = undefined }) {
  const drag = dragOf(handle, area, { move, tap });
  handle.addEventListener("pointerdown", (event) => drag.begin(event, false));
  if (grab) grabAnywhere(handle, area, drag);
  handle.addEventListener("pointermove", drag.follow);
  handle.addEventListener("pointerup", drag.end);
  handle.addEventListener("pointercancel", drag.end);
  handle.addEventListener("keydown", (event) => nudgeByKey(event, nudge));
  return {
    /** @param {number[]} pixel */
    place: ([x, y]) => (handle.style.transform = `translate(${x}px, ${y}px)`),
    get held() {
      return drag.held();
    },
  };
}
