// Log plot: series over 1, 2, ... on a vertical log axis. Negative values are dotted, at their magnitude.

import { formatNumber } from "../../state/numbers.js";
import { drawHorizontalAxis, drawVerticalAxis, traceLine } from "./axes.js";
import { fitContext } from "./context.js";
import { drawEndLabels, endLabelWidth } from "./end_labels.js";
import { boxWithin } from "./geometry.js";
import { runStyles } from "./run_style.js";
import { strokeLine } from "./stroke.js";
import { decadeTicks, decadeLabel, linearTicks } from "./ticks.js";

const MARGIN = { left: 44, right: 12, top: 26, bottom: 40 };
const SPAN = 24; // largest number of powers of ten on an axis, from the largest value down

/** Box and axes of a plot over 1..count; the `room` to the right of it stays free. */
function scaleOf(canvas, series, span, room) {
  const magnitudes = series.flatMap(({ values }) => Array.from(values, Math.abs));
  const shown = magnitudes.filter((value) => value > 0 && Number.isFinite(value));
  // The bounds 1e-300 and 1e300 keep the range finite if no value can be shown.
  const high = Math.ceil(Math.log10(Math.max(...shown, 1e-300)) + 0.02);
  const smallest = Math.min(...shown, 1e300);
  const low = Math.min(Math.max(Math.floor(Math.log10(smallest)), high - span), high - 1);
  const count = series[0].values.length;
  const box = boxWithin(canvas, { ...MARGIN, right: MARGIN.right + room });
  return {
    low,
    high,
    below: smallest < 10 ** low ? smallest : null,
    count,
    x: (step) => box.left + ((step - 1) / Math.max(1, count - 1)) * box.width,
    y: (value) => box.top + ((high - Math.log10(Math.abs(value))) / (high - low)) * box.height,
    ...box,
  };
}

function drawAxes(context, title, scale, below) {
  const powers = decadeTicks(scale.low, scale.high, 5);
  const ticks = powers.map((power) => ({ y: scale.y(10 ** power), label: decadeLabel(power) }));
  drawVerticalAxis(context, title, scale, ticks);
  const steps = linearTicks(1, scale.count, 6).map((step) => ({ x: scale.x(step), label: String(step) }));
  drawHorizontalAxis(context, below, scale, steps);
}

/** Say that values lie below the axis, and the smallest of them. */
function drawCutNote(context, { left, bottom }, smallest) {
  const { muted, font, size } = runStyles();
  context.font = `${size * 0.82}px ${font}`;
  context.fillStyle = muted;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(`continues below the axis, down to ${formatNumber(smallest)}`, left + 4, bottom - 3);
}

/** Stroke the part of a line that is positive, or the part that is negative. */
function strokeSigned(context, scale, values, sign) {
  context.setLineDash(sign < 0 ? [2, 3] : []);
  const shown = (value) => value * sign >= 10 ** scale.low && Number.isFinite(value);
  // The axis counts from 1.
  traceLine(context, 0, values.length - 1, (k) => (shown(values[k]) ? [scale.x(k + 1), scale.y(values[k])] : null));
  context.stroke();
  context.setLineDash([]);
}

function drawSeries(context, scale, { values, strong }) {
  const { ink, muted } = runStyles();
  context.strokeStyle = strong ? ink : muted;
  context.lineWidth = strong ? 2 : 1.2;
  for (const sign of [1, -1]) strokeSigned(context, scale, values, sign);
}

/** Label each line at its first point. A label that would cover another one is above it. */
function drawStartLabels(context, scale, series) {
  const { ink, muted, paper, font, size } = runStyles();
  context.font = `${size * 0.9}px ${font}`;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  // A line of the axis would strike the words through.
  Object.assign(context, { strokeStyle: paper, lineWidth: 4, lineJoin: "round" });
  const labelled = series.filter(({ values, label }) => label && Math.abs(values[0]) >= 10 ** scale.low);
  let free = scale.bottom;
  // The lowest line first.
  for (const { values, label, strong } of labelled.sort((a, b) => Math.abs(a.values[0]) - Math.abs(b.values[0]))) {
    const y = scale.y(values[0]);
    // A label above a line at the top edge would cover the title.
    const place = y - size > MARGIN.top ? Math.min(y - 3, free) : y + size + 3;
    free = place - size * 1.1;
    context.fillStyle = strong ? ink : muted;
    context.strokeText(label, scale.x(1) + 4, place);
    context.fillText(label, scale.x(1) + 4, place);
  }
}

/**
 * Plot series on a log axis of at most `span` powers of ten. `below` is the title of the horizontal axis, `mark` is a
 * value on it that gets a vertical line, and with `ends` the labels are at the ends of the lines.
 */
export function drawLogPlot(
  canvas,
  title,
  series,
  { below = "time step t", span = SPAN, mark = 0, ends = false } = {},
) {
  const context = fitContext(canvas);
  const scale = scaleOf(canvas, series, span, ends ? endLabelWidth(context, series) : 0);
  drawAxes(context, title, scale, below);
  if (mark >= 1) {
    const x = scale.x(Math.min(mark, scale.count));
    strokeLine(context, [x, MARGIN.top], [x, scale.bottom], { colour: runStyles().muted, width: 1 });
  }
  if (scale.below) drawCutNote(context, scale, scale.below);
  for (const one of series) drawSeries(context, scale, one);
  if (ends) drawEndLabels(context, scale, series);
  else drawStartLabels(context, scale, series);
}
