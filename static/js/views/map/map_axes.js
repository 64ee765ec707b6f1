// Map axes: the frame of the map with ticks, their labels and the names of the axes, on a canvas.

import { runStyles } from "../canvas/run_style.js";
import { labelledTicks } from "../canvas/ticks.js";

const SPACE = [70, 50]; // pixels between ticks, across and upward
const MOST = 6; // ticks
const LENGTH = 4; // pixels of a tick

/**
 * Draw them around a box of the canvas; `toPixel(x, y)` maps the window to the box. `upward` has title and ticks of the
 * vertical axis, by default those of the second of the `axes`.
 */
export function drawMapAxes(context, box, { window: [left, right, bottom, top], axes, toPixel, upward: given = null }) {
  const { ink, font, size } = runStyles();
  const across = labelledTicks(axes[0], left, right, Math.min(MOST, box.width / SPACE[0]));
  const upward = given ?? labelledTicks(axes[1], bottom, top, Math.min(MOST, box.height / SPACE[1]));
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
