// Axes: titles and ticks of a plot on a canvas, and the line that joins its points.

import { runStyles } from "./run_style.js";

export const titleFont = (size, family) => `600 ${size}px ${family}`;

/**
 * Draw the title and a line across the box, with a label, for each of the `ticks` `[{y, label}]`. Leaves the context
 * ready for labels below: small, muted and centred.
 */
export function drawVerticalAxis(context, title, { left, right }, ticks) {
  const { muted, line, ink, font, size } = runStyles();
  context.font = titleFont(size, font);
  context.fillStyle = ink;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(title, left, 15);
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = muted;
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { y, label } of ticks) {
    // At the middle of a pixel, a line of width 1 is sharp.
    const place = Math.round(y) + 0.5;
    context.beginPath();
    context.moveTo(left, place);
    context.lineTo(right, place);
    context.stroke();
    // A label that is wider than the margin, such as 0.00678 in large type, is drawn narrower.
    context.fillText(label, left - 7, place, left - 9);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
}

/** Draw below the box, after `drawVerticalAxis`, a label for each of the `ticks` `[{x, label}]`, and the title. */
export function drawHorizontalAxis(context, title, { left, right, bottom }, ticks) {
  for (const { x, label } of ticks) context.fillText(label, x, bottom + 6);
  context.fillText(title, (left + right) / 2, bottom + 22);
}

/** Trace a line through `pointAt(from)`, ..., `pointAt(to)`, with a gap where that is null. */
export function traceLine(context, from, to, pointAt) {
  context.beginPath();
  let joined = false;
  for (let k = from; k <= to; k++) {
    const point = pointAt(k);
    if (point) context[joined ? "lineTo" : "moveTo"](...point);
    joined = Boolean(point);
  }
}
