// Arrow: a vector from the middle of the lens, cut off where it is longer than the lens.

import { fillDisc, stroke } from "../canvas/stroke.js";

const HEAD = 9; // length of the head in pixels: a shorter arrow is drawn as a dot

/**
 * The tip of an arrow along the negative gradient, in pixels. The gradient's second coordinate points upwards, as on
 * the map, and that of the canvas downwards.
 * @returns {{at: [number, number], cut: boolean}}
 */
export function tipOf([gx, gy], scale, reach) {
  const [x, y] = [-gx * scale, gy * scale];
  const length = Math.hypot(x, y);
  const cut = length > reach;
  return { at: cut ? [(x / length) * reach, (y / length) * reach] : [x, y], cut };
}

function drawHead(context, { x, y, ux, uy }) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - ux * 8 - uy * 4, y - uy * 8 + ux * 4);
  context.lineTo(x - ux * 8 + uy * 4, y - uy * 8 - ux * 4);
  context.fill();
}

/** Two bars instead of a head show that the arrow continues outside the lens. */
function drawBars(context, { x, y, ux, uy }) {
  context.beginPath();
  for (const back of [0, 4]) {
    context.moveTo(x - ux * back - uy * 5, y - uy * back + ux * 5);
    context.lineTo(x - ux * back + uy * 5, y - uy * back - ux * 5);
  }
  context.stroke();
}

/** Draw an arrow from the origin. */
export function drawArrow(context, { at: [x, y], cut }, colour, { dashed }) {
  const length = Math.hypot(x, y);
  if (!(length > 0)) return;
  if (length < HEAD) return void fillDisc(context, [x, y], 2, colour);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = dashed ? 1.5 : 2.5;
  context.setLineDash(dashed ? [4, 3] : []);
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
  const end = { x, y, ux: x / length, uy: y / length };
  if (cut) drawBars(context, end);
  else drawHead(context, end);
}

/** Draw a ring around a tip. */
export function drawRing(context, [x, y], radius, colour, paper) {
  context.globalAlpha = 0.7;
  fillDisc(context, [x, y], radius, paper);
  stroke(context, { colour, width: 1.75 });
}
