// Curve pointer: hover shows a step in every view, a press scrubs, and the threshold's line can be dragged.

const NEAR = 14; // pixels from the threshold's line

function pixelAt(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** One press after another: `begin`, `move` and `end` for the pointer's events. */
function pressOf(canvas, on) {
  let mode = "";
  let last = 0;

  return {
    begin(event, next) {
      if (event.button !== 0) return;
      mode = next;
      // A press without a move must end at the value that it began with.
      last = on.threshold();
      event.target.setPointerCapture(event.pointerId);
      if (mode === "scrub") on.scrub(on.scale().step(pixelAt(canvas, event)[0]));
      // Otherwise the drag would select text.
      event.preventDefault();
    },
    /** Returns whether the pointer is pressed. */
    move(event) {
      const [px, py] = pixelAt(canvas, event);
      if (mode === "threshold") on.drag((last = on.scale().value(py)), false);
      else if (mode === "scrub") on.scrub(on.scale().step(px));
      return mode !== "";
    },
    end() {
      if (mode === "threshold") on.drag(last, true);
      mode = "";
    },
  };
}

/**
 * A finger that starts on the canvas may scroll the page, so for touch the threshold has a grip of its own.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} grip
 * @param {{scale: () => any, threshold: () => number, hover: (step: number | null) => void,
 *   scrub: (step: number) => void, drag: (value: number, done: boolean) => void}} on
 */
export function pointInto(canvas, grip, on) {
  const press = pressOf(canvas, on);
  const nearThreshold = (event) =>
    on.threshold() > 0 && Math.abs(on.scale().y(on.threshold()) - pixelAt(canvas, event)[1]) < NEAR;

  function move(event) {
    // A finger or a pen does not hover.
    if (press.move(event) || event.pointerType !== "mouse") return;
    canvas.style.cursor = nearThreshold(event) ? "ns-resize" : "crosshair";
    on.hover(on.scale().step(pixelAt(canvas, event)[0]));
  }

  canvas.addEventListener("pointerdown", (event) => {
    const line = event.pointerType === "mouse" && nearThreshold(event);
    press.begin(event, line ? "threshold" : "scrub");
  });
  grip.addEventListener("pointerdown", (event) => press.begin(event, "threshold"));
  for (const element of [canvas, grip]) {
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", press.end);
    element.addEventListener("pointercancel", press.end);
  }
  canvas.addEventListener("pointerleave", () => on.hover(null));
}
