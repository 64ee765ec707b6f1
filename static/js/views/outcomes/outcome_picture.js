// Outcome picture: the cells of a sweep on a canvas with axes. Cells in which the outcomes of the two runs differ are
// hatched, and uncertain ones have dots.

import { catalogue } from "../../state/scene/catalogue.js";
import { along } from "../../state/numbers.js";
import { fitContext } from "../canvas/context.js";
import { drawDotted, drawHatched } from "../canvas/hatching.js";
import { drawHeatImage } from "../canvas/heat_image.js";
import { runStyles } from "../canvas/run_style.js";
import { decadeLabel, decadeTicks, labelledTicks } from "../canvas/ticks.js";
import { colouredCells, differenceMask, uncertainMask } from "./outcome_colours.js";
import { boxOf, shareMapping } from "./outcome_plane.js";

/** Title of an axis, and its ticks as shares of its length with labels. */
function ticksOf(axis, name, count) {
  const { share } = along(axis);
  if (!axis.log) {
    const { title, ticks } = labelledTicks(name, axis.low, axis.high, count);
    return { title, ticks: ticks.map(({ value, label }) => ({ share: share(value), label })) };
  }
  const powers = decadeTicks(Math.ceil(Math.log10(axis.low)), Math.floor(Math.log10(axis.high)), count);
  return { title: name, ticks: powers.map((power) => ({ share: share(10 ** power), label: decadeLabel(power) })) };
}

function drawText(context, text, x, y, align, baseline) {
  context.textAlign = align;
  context.textBaseline = baseline;
  context.fillText(text, x, y);
}

function drawTicks(context, box, across, upward) {
  const { toPixel } = shareMapping(box);
  context.fillStyle = runStyles().muted;
  for (const { share, label } of across)
    drawText(context, label, toPixel(share, 0)[0], box.top + box.height + 5, "center", "top");
  for (const { share, label } of upward)
    drawText(context, label, box.left - 6, toPixel(0, share)[1], "right", "middle");
}

function drawAxes(context, frame, box, names) {
  const { line, ink, font, size } = runStyles();
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.font = `${size * 0.9}px ${font}`;
  const across = ticksOf(frame.axes[0], names[0], Math.max(2, box.width / 70));
  const upward = ticksOf(frame.axes[1], names[1], Math.max(2, box.height / 44));
  drawTicks(context, box, across.ticks, upward.ticks);
  context.fillStyle = ink;
  drawText(context, across.title, box.left + box.width / 2, box.top + box.height + 21, "center", "top");
  // There is no room for a title next to the ticks, so it is above the picture, at the right.
  drawText(context, `↑ ${upward.title}`, box.left + box.width, 6, "right", "top");
}

function drawRunName(context, run, box) {
  const styles = runStyles();
  context.font = `600 ${styles.size}px ${styles.font}`;
  context.fillStyle = styles[run].fill;
  drawText(context, catalogue.run_labels[run], box.left, 6, "left", "top");
}

/** Draw one run's picture; returns the scale of its colours, null for outcomes. */
export function drawOutcomes(canvas, frame, run, quantity, { names, ids, hatched }) {
  const context = fitContext(canvas);
  const box = boxOf(canvas);
  const { image, scale } = colouredCells(frame, run, quantity, ids);
  drawHeatImage(context, image, box, { smooth: false });
  if (hatched) drawHatched(context, differenceMask(frame), box);
  const uncertain = scale ? null : uncertainMask(frame, run);
  if (uncertain) drawDotted(context, uncertain, box);
  drawAxes(context, frame, box, names);
  drawRunName(context, run, box);
  return scale;
}
