// Axes: titles and ticks of a curve on a canvas, and the line that is drawn between them.

import { runStyles } from "./run_style.js";

/**
 * Draw the title and, across the box, a line with a label for each of the `ticks` `[{y, label}]`. Leaves the context
 * ready for labels below: small, muted and centred.
 */
export function drawUpwards(context, title, { left, right }, ticks) {
  const { muted, line, ink, font, size } = runStyles();
  context.font = `600 ${size}px ${font}`;
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
    const place = Math.round(y) + 0.5;
    context.beginPath();
    context.moveTo(left, place);
    context.lineTo(right, place);
    context.stroke();
    context.fillText(label, left - 7, place);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
}

/** Below the box, after `drawUpwards`: a label for each of the `ticks` `[{x, label}]`, and what they tell. */
export function drawRightwards(context, title, { left, right, bottom }, ticks) {
  for (const { x, label } of ticks) context.fillText(label, x, bottom + 6);
  context.fillText(title, (left + right) / 2, bottom + 22);
}

/** A path through the points that `pointAt` has from one number to another; where it has none, the line has a gap. */
export function traceLine(context, from, to, pointAt) {
  context.beginPath();
  let joined = false;
  for (let k = from; k <= to; k++) {
    const point = pointAt(k);
    if (point) context[joined ? "lineTo" : "moveTo"](...point);
    joined = Boolean(point);
  }
}
