// Handle: the start as something to grab, by mouse, finger, pen or arrow keys.

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export const STILL = 4; // pixels that a hand moves without meaning to

/**
 * Make `handle` draggable over `area`. `move(px, py, done)` gets pixels of the area; `nudge(dx, dy)` gets
 * shares of the window. With `grab`, a press anywhere on the area by mouse brings the handle there. `tap(px, py)` gets
 * the pixel of a press on the handle that ends where it began; without it, the handle stays.
 */
export function draggable(handle, area, { move, nudge, grab = false, tap = undefined }) {
  let offset = null;
  let last = null;
  let pressed = null; // where, until the hand has moved away from there

  const at = (event) => {
    const box = area.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  function begin(event, centred) {
    if (event.button !== 0) return;
    const [px, py] = at(event);
    const box = handle.getBoundingClientRect();
    const own = area.getBoundingClientRect();
    offset = centred ? [0, 0] : [px - (box.left + box.width / 2 - own.left), py - (box.top + box.height / 2 - own.top)];
    pressed = [px, py];
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("held");
    handle.focus({ preventScroll: true });
    event.preventDefault();
    last = [px - offset[0], py - offset[1]];
    if (centred) move(...last, false);
  }

  function end() {
    if (!offset) return;
    offset = null;
    handle.classList.remove("held");
    if (pressed && tap) tap(...pressed);
    else move(...last, true);
  }

  handle.addEventListener("pointerdown", (event) => begin(event, false));
  if (grab)
    area.addEventListener(
      "pointerdown",
      (event) =>
        event.pointerType === "mouse" &&
        event.target !== handle &&
        !event.target.closest("button") &&
        begin(event, true),
    );
  handle.addEventListener("pointermove", (event) => {
    if (!offset) return;
    const [px, py] = at(event);
    if (pressed && Math.hypot(px - pressed[0], py - pressed[1]) > STILL) pressed = null;
    if (pressed && tap) return;
    last = [px - offset[0], py - offset[1]];
    move(...last, false);
  });
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
  handle.addEventListener("keydown", (event) => {
    const direction = KEYS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    const size = event.shiftKey ? 0.001 : 0.01;
    nudge(direction[0] * size, direction[1] * size);
    event.preventDefault();
  });
  return {
    /** @param {number[]} pixel */
    place: ([x, y]) => (handle.style.transform = `translate(${x}px, ${y}px)`),
    get held() {
      return Boolean(offset);
    },
  };
}
