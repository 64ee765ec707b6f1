// Printed map: the map with axes and paths on one canvas, for paper.

import { runsOn } from "../../state/runs/pair.js";
import { mapping } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { labelledTicks } from "../canvas/ticks.js";
import { boxOf, drawMapOverlay } from "./map.js";
import { paintSurface } from "./map_view.js";

const TICKS = 6;
const LENGTH = 4; // pixels of a tick

/** The frame of the map, with ticks, their labels and the names of the axes. */
function drawAxes(context, box, { window: [left, right, bottom, top], axes, toPixel }) {
  const { ink, font, size } = runStyles();
  const across = labelledTicks(axes[0], left, right, TICKS);
  const upward = labelledTicks(axes[1], bottom, top, TICKS);
  const low = box.top + box.height;
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = context.strokeStyle = ink;
  context.lineWidth = 1;
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { value, label } of across.ticks) {
    const [x] = toPixel(value, bottom);
    context.moveTo(x, low);
    context.lineTo(x, low + LENGTH);
    context.fillText(label, x, low + LENGTH + 3);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { value, label } of upward.ticks) {
    const [, y] = toPixel(left, value);
    context.moveTo(box.left - LENGTH, y);
    context.lineTo(box.left, y);
    context.fillText(label, box.left - LENGTH - 3, y);
  }
  context.stroke();
  drawName(context, across.title, [box.left + box.width - 6, low - 8], "right");
  drawName(context, upward.title, [box.left + 6, box.top + 10], "left");
}

/** The name of an axis, on a plate. */
function drawName(context, name, [x, y], align) {
  const { ink, paper, size } = runStyles();
  context.textAlign = align;
  const width = context.measureText(name).width + 6;
  context.fillStyle = paper;
  context.fillRect(align === "left" ? x - 3 : x + 3 - width, y - size * 0.6, width, size * 1.2);
  context.fillStyle = ink;
  context.fillText(name, x, y);
}

/**
 * Draw the state's surface with `runs` up to `step`. Both canvases must have the same size; the paths are drawn on `spare`
 * and copied.
 */
export function drawPrintedMap(canvas, spare, { state, runs, step }) {
  const { surface } = state;
  const { window, axes, valley } = surface;
  const box = boxOf(canvas);
  paintSurface(canvas, canvas, state);
  const context = canvas.getContext("2d");
  drawMapOverlay(spare, { window, surface, valley, runs: runsOn(surface, runs), step });
  context.drawImage(spare, 0, 0, canvas.clientWidth, canvas.clientHeight);
  drawAxes(context, box, { window, axes, toPixel: mapping(window, box).toPixel });
}
