// Clip factor: the fraction of the gradient's or the step's norm that the clip leaves, as bars under the step length.

import { runStyles } from "../canvas/run_style.js";
import { MARGIN, STRIP } from "./curve_scale.js";

/** The frame of the strip, with its name in two lines: the margin is too narrow for one. */
function drawStrip(context, { left, width }, top) {
  const { muted, line, font, size } = runStyles();
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, STRIP - 1);
  context.font = `${size * 0.85}px ${font}`;
  context.fillStyle = muted;
  context.textAlign = "right";
  context.textBaseline = "middle";
  ["clip", "factor"].forEach((word, k) => context.fillText(word, left - 7, top + STRIP / 2 + (k - 0.5) * size * 0.9));
}

/** Draw the strip with the clip factor of every step, strong up to the current one. */
export function drawClipFactor(context, runs, scale, steps, step) {
  const top = context.canvas.clientHeight - MARGIN.bottom - STRIP;
  drawStrip(context, scale.box, top);
  const factors = runs.find(({ run }) => run === "with")?.trajectory.clip_factor;
  if (!factors) return;
  context.fillStyle = runStyles().with.fill;
  // Gaps between the bars show single steps; with many steps there is no room for gaps.
  const width = Math.max(1, scale.box.width / steps - (steps < 150 ? 1 : 0));
  for (let k = 0; k < steps; k++) {
    // NaN after the run has diverged.
    if (!(factors[k] >= 0)) continue;
    const height = STRIP * Math.min(factors[k], 1);
    context.globalAlpha = k < step ? 1 : 0.3;
    context.fillRect(scale.x(k), top + STRIP - height, width, height);
  }
  context.globalAlpha = 1;
}
