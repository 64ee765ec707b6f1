// Map axes: the frame of the map with ticks, their labels and the names of the axes, on a canvas.

import { sharpLines } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { labelledTicks } from "../canvas/ticks.js";

const SPACE = [60, 43]; // pixels between ticks, across and upward
const MOST = 6; // ticks
const LENGTH = 4; // pixels of a tick
const GAP = [6, 3]; // pixels between a tick and its label, below and to the left
const PLATE = 0.8; // opacity of the plate behind a name, without which it is not legible on a dark picture

/**
 * Draw them around a box of the canvas; `toPixel(x, y)` maps the window to the box. `upward` has title and ticks of the
 * vertical axis, by default those of the second of the `axes`.
 */
export function drawMapAxes(context, box, { window: [left, right, bottom, top], axes, toPixel, upward: given = null }) {
  const { muted, line, font, size } = runStyles();
  const across = labelledTicks(axes[0], left, right, Math.min(MOST, box.width / SPACE[0]));
  const upward = given ?? labelledTicks(axes[1], bottom, top, Math.min(MOST, box.height / SPACE[1]));
  context.font = `${size}px ${font}`;
  context.setLineDash([]);
  drawFrame(context, box, line);
  context.fillStyle = context.strokeStyle = muted;
  const columns = across.ticks.map(({ value, label }) => ({ label, place: toPixel(value, bottom)[0] }));
  const rows = upward.ticks.map(({ value, label }) => ({ label, place: toPixel(left, value)[1] }));
  drawTicks(context, box, columns, rows);
  drawLabels(context, box, columns, rows);
  // The names are at the ends of the axes: there is no room next to the ticks, and legend and buttons are below.
  drawName(context, across.title, [box.left + box.width - 6, box.top + box.height - 5 - size / 2], "right");
  drawName(context, upward.title, [box.left + 6, box.top + 5 + size / 2], "left");
}

/** The frame is around the box, so that it covers nothing of the picture. */
function drawFrame(context, box, colour) {
  const { width, snap } = sharpLines(context);
  const [left, top] = [snap(box.left - width / 2), snap(box.top - width / 2)];
  const [right, bottom] = [snap(box.left + box.width + width / 2), snap(box.top + box.height + width / 2)];
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(left, top, right - left, bottom - top);
}

/** Ticks begin outside of the frame. */
function drawTicks(context, box, columns, rows) {
  const { width, snap } = sharpLines(context);
  const [left, low] = [box.left - width, box.top + box.height + width];
  context.beginPath();
  for (const { place } of columns) {
    context.moveTo(snap(place), low);
    context.lineTo(snap(place), low + LENGTH);
  }
  for (const { place } of rows) {
    context.moveTo(left - LENGTH, snap(place));
    context.lineTo(left, snap(place));
  }
  context.stroke();
}

/** No label is cut off by the edge of the canvas: the last one below is moved, and a long one to the left is narrower. */
function drawLabels(context, box, columns, rows) {
  const { clientWidth: width } = context.canvas;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { place, label } of columns) {
    const last = width - context.measureText(label).width / 2;
    context.fillText(label, Math.min(place, last), box.top + box.height + LENGTH + GAP[0]);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const right = box.left - LENGTH - GAP[1];
  for (const { place, label } of rows) context.fillText(label, right, place, right);
}

/** The name of an axis, which begins or ends at a place. */
function drawName(context, name, [x, y], align) {
  const { ink, paper, size } = runStyles();
  context.textAlign = align;
  const width = context.measureText(name).width + 4;
  context.globalAlpha = PLATE;
  context.fillStyle = paper;
  context.fillRect(align === "left" ? x - 2 : x + 2 - width, y - size * 0.65, width, size * 1.3);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(name, x, y);
}
