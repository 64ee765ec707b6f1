// Decades: series over 1, 2, ... with powers of ten upwards. What is negative is drawn dotted, at its magnitude.

import { drawRightwards, drawUpwards, traceLine } from "./axes.js";
import { boxWithin, prepared } from "./geometry.js";
import { runStyles } from "./run_style.js";
import { decadeTicks, decadeLabel, linearTicks } from "./ticks.js";

const MARGIN = { left: 44, right: 12, top: 26, bottom: 40 };
const SPAN = 24; // decades that an axis shows at most, from the largest value down

/** Box and axes of a plot over 1..count; upwards powers of ten. */
function scaleOf(canvas, series, span, room) {
  const sizes = series.flatMap(({ values: v }) => Array.from(v, Math.abs));
  const values = sizes.filter((v) => v > 0 && Number.isFinite(v));
  const high = Math.ceil(Math.log10(Math.max(...values, 1e-300)) + 0.02);
  const lowest = Math.max(Math.floor(Math.log10(Math.min(...values, 1e300))), high - span);
  const low = Math.min(lowest, high - 1);
  const count = series[0].values.length;
  const box = boxWithin(canvas, { ...MARGIN, right: MARGIN.right + room });
  return {
    low,
    high,
    count,
    x: (step) => box.left + ((step - 1) / Math.max(1, count - 1)) * box.width,
    y: (value) => box.top + ((high - Math.log10(Math.abs(value))) / (high - low)) * box.height,
    ...box,
  };
}

function drawAxes(context, title, scale, below) {
  const powers = decadeTicks(scale.low, scale.high, 5);
  const ticks = powers.map((power) => ({ y: scale.y(10 ** power), label: decadeLabel(power) }));
  drawUpwards(context, title, scale, ticks);
  const steps = linearTicks(1, scale.count, 6).map((step) => ({ x: scale.x(step), label: String(step) }));
  drawRightwards(context, below, scale, steps);
}

/** The part of a line that is positive, or negative. */
function strokeSigned(context, scale, values, sign) {
  context.setLineDash(sign < 0 ? [2, 3] : []);
  const shown = (value) => value * sign >= 10 ** scale.low && Number.isFinite(value);
  traceLine(context, 0, values.length - 1, (k) => (shown(values[k]) ? [scale.x(k + 1), scale.y(values[k])] : null));
  context.stroke();
  context.setLineDash([]);
}

/** A line, with its name where it begins. */
function drawSeries(context, scale, { values, label, strong }) {
  const { ink, muted, font, size } = runStyles();
  context.strokeStyle = strong ? ink : muted;
  context.lineWidth = strong ? 2 : 1.2;
  for (const sign of [1, -1]) strokeSigned(context, scale, values, sign);
  if (!label || !(Math.abs(values[0]) >= 10 ** scale.low)) return;
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = strong ? ink : muted;
  context.textAlign = "left";
  // At the top edge there is the title: then the name stands below its line.
  const y = scale.y(values[0]);
  const above = y - size > MARGIN.top;
  context.textBaseline = above ? "bottom" : "top";
  context.fillText(label, scale.x(1) + 4, above ? y - 3 : y + 3);
}

/**
 * Names beside the ends of the lines, moved apart where lines end close together. `scale` has `y`, `right`, `bottom`
 * and `count`.
 */
export function drawEnds(context, scale, series) {
  const { ink, muted, font, size } = runStyles();
  const apart = size * 1.2;
  const last = scale.count - 1;
  const places = series
    .filter(({ values }) => Number.isFinite(values[last]) && values[last] !== 0)
    .map((one) => ({ ...one, y: scale.y(one.values[last]) }))
    .sort((a, b) => a.y - b.y);
  places.forEach((place, k) => {
    if (k) place.y = Math.max(place.y, places[k - 1].y + apart);
  });
  // Pushed below the axis, they move up again.
  places.reverse().forEach((place, k) => {
    place.y = Math.min(place.y, k ? places[k - 1].y - apart : scale.bottom);
  });
  context.font = `${size * 0.9}px ${font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { label, strong, y } of places) {
    context.fillStyle = strong ? ink : muted;
    context.fillText(label, scale.right + 6, y);
  }
}

/** Width of the longest name. */
function widest(context, series) {
  const { font, size } = runStyles();
  context.font = `${size * 0.9}px ${font}`;
  return Math.max(...series.map(({ label }) => context.measureText(label).width));
}

/** A line upwards at one place of the axis. */
function drawMark(context, scale, mark) {
  context.strokeStyle = runStyles().muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(scale.x(mark), MARGIN.top);
  context.lineTo(scale.x(mark), scale.bottom);
  context.stroke();
}

/** `below` names the axis to the right, `span` is the decades shown at most, `mark` a place to point out, `ends` puts names there. */
export function plotDecades(
  canvas,
  title,
  series,
  { below = "time step t", span = SPAN, mark = 0, ends = false } = {},
) {
  const context = prepared(canvas);
  const scale = scaleOf(canvas, series, span, ends ? widest(context, series) : 0);
  drawAxes(context, title, scale, below);
  if (mark >= 1) drawMark(context, scale, Math.min(mark, scale.count));
  for (const one of series) drawSeries(context, scale, ends ? { ...one, label: "" } : one);
  if (ends) drawEnds(context, scale, series);
}
