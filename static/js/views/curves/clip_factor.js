// Clip factor: the fraction of the gradient's or the step's norm that the clip leaves, as bars under the step length.

import { runStyles } from "../canvas/run_style.js";
import { columnsOf } from "./curve_rows.js";
import { MARGIN, STRIP } from "./curve_scale.js";

const SPACE = 7; // pixels between the name and the frame

/** The frame of the strip, with its name in two lines: the margin is too narrow for one. */
function drawStrip(context, { left, width }, top) {
  const { muted, line, font, size } = runStyles();
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, STRIP - 1);
  const lines = ["clip", "factor"];
  context.font = `${size * 0.85}px ${font}`;
  // Large type does not fit into the margin.
  const fitting = Math.min(1, (left - SPACE) / context.measureText(lines[1]).width);
  context.font = `${size * 0.85 * fitting}px ${font}`;
  context.fillStyle = muted;
  context.textAlign = "right";
  context.textBaseline = "middle";
  lines.forEach((word, k) => context.fillText(word, left - SPACE, top + STRIP / 2 + (k - 0.5) * size * 0.9 * fitting));
}

/** Draw the strip with the clip factor of every step, strong up to the current one. */
export function drawClipFactor(context, runs, scale, steps, step) {
  const top = context.canvas.clientHeight - MARGIN.bottom - STRIP;
  drawStrip(context, scale.box, top);
  const factors = runs.find(({ run }) => run === "with")?.trajectory.clip_factor;
  if (!factors) return;
  context.fillStyle = runStyles().with.fill;
  const { box, x } = scale;
  // Gaps between the bars show single steps; with many steps there is no room for gaps.
  const width = Math.max(1, box.width / steps - (steps < 150 ? 1 : 0));
  const bar = (k, factor, alpha) => {
    const height = STRIP * Math.min(factor, 1);
    context.globalAlpha = k < step ? alpha : 0.3 * alpha;
    context.fillRect(x(k), top + STRIP - height, width, height);
  };
  // A column of many steps is faint between its lowest and its highest factor.
  for (const { first, low, high } of columnsOf(factors, steps, Math.ceil(box.width))) {
    bar(first, low, 1);
    if (high > low) bar(first, high, 0.45);
  }
  context.globalAlpha = 1;
}
