// Axes: title and upward ticks of a curve on a canvas. What runs to the right is each curve's own.

import { looks } from "./looks.js";

/**
 * Draw the title and, across the box, a line with a label for each of the `ticks` `[{y, label}]`. Leaves the context
 * ready for labels below: small, muted and centred.
 */
export function drawUpwards(context, title, { left, right }, ticks) {
  const { muted, line, ink, font, size } = looks();
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
