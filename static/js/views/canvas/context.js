// Context: fits a canvas to its element, clips drawing to a box, places thin lines on the screen's pixels, and says when
// canvases have to be drawn again.

/**
 * Fit a canvas to its element at the screen's resolution, or at `data-ratio` if it is for paper; returns its context in
 * CSS pixels, cleared.
 */
export function fitContext(canvas) {
  const ratio = Number(canvas.dataset.ratio) || window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  // Setting the size allocates a new buffer, even if the size is the same.
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return context;
}

/**
 * How upright and level lines of one pixel are sharp: their `width`, and for a place the nearest one, `snap(place)`, at
 * which their edges are those of pixels of the screen.
 */
export function sharpLines(context) {
  const ratio = context.getTransform().a;
  const thick = Math.max(1, Math.round(ratio));
  return { width: thick / ratio, snap: (place) => (Math.round(place * ratio - thick / 2) + thick / 2) / ratio };
}

/** Draw only inside the box. */
export function drawWithin(context, { left, top, width, height }, draw) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  draw();
  context.restore();
}

/**
 * Call `redraw` after the browser has lost the pixels of canvases, as when the graphics driver restarts or a laptop
 * wakes up. The canvases work again, but they are empty.
 */
export function onRestoration(redraw) {
  let requested = false;
  const redrawOnce = () => {
    requested = false;
    redraw();
  };
  const request = () => {
    // Every canvas has an event of its own.
    if (!requested) requestAnimationFrame(redrawOnce);
    requested = true;
  };
  // The event does not bubble.
  document.addEventListener("contextrestored", request, { capture: true });
}
