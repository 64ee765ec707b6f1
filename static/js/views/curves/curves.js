// Curves: loss, gradient norm, step length and, where there is one, the memory of gradients over the steps, one small
// canvas each, drawn with every frame.

import { drawUpwards, traceLine } from "../canvas/axes.js";
import { boxWithin, prepared } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { decadeLabel, decadeTicks, linearTicks } from "../canvas/ticks.js";

const MARGIN = { left: 44, right: 12, top: 26, bottom: 24 };
const STRIP = 16;

export const CURVES = [
  { name: "loss", title: "loss" },
  { name: "gradient_norm", title: "gradient norm" },
  { name: "step_length", title: "step length", clip_factor: true },
  { name: "memory", title: "memory of gradients", optional: true },
];

function plotBox(canvas, curve) {
  const strip = curve.clip_factor ? STRIP + 8 : 0;
  return boxWithin(canvas, { ...MARGIN, bottom: MARGIN.bottom + strip });
}

const NARROW = 4; // from this ratio of largest to smallest value on, an axis is logarithmic
const LEAST = 0.05; // share of a loss that a linear axis shows at least
const DEEPEST = -300; // below this a float64 has no full precision left

/** Range of a curve: exponents of the values above zero, or the values themselves where some are below. */
function range(runs, name, extra) {
  let [low, high, negative] = [Infinity, -Infinity, false];
  const take = (value) => {
    if (!Number.isFinite(value)) return;
    negative ||= value < 0;
    if (value === 0) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const { trajectory } of runs) trajectory[name].forEach(take);
  if (extra) take(extra);
  if (low > high) return { log: true, low: -3, high: 1 };
  if (negative) return { log: false, low: low - 0.05 * (high - low), high: Math.max(high, 0) + 0.05 * (high - low) };
  // A loss that hardly changes is a flat line between two powers of ten.
  if (name === "loss" && high < NARROW * low && high > low) {
    // No closer than ticks of three digits can tell.
    const [middle, half] = [(low + high) / 2, 0.6 * Math.max(high - low, LEAST * high)];
    return { log: false, low: middle - half, high: middle + half };
  }
  const top = Math.ceil(Math.log10(high) + 0.02);
  return { log: true, low: Math.max(Math.min(Math.floor(Math.log10(low)), top - 1), DEEPEST), high: top };
}

/** Axes of one curve: steps to the right; upwards decades, or values where the logarithm has none. */
export function scaleOf(canvas, curve, runs, steps, threshold) {
  const box = plotBox(canvas, curve);
  const { log, low, high } = range(runs, curve.name, threshold);
  const perUnit = box.height / (high - low);
  return {
    box,
    log,
    low,
    high,
    x: (step) => box.left + (step / Math.max(1, steps)) * box.width,
    y: (value) => box.top + (high - (log ? Math.log10(value) : value)) * perUnit,
    step: (px) => ((px - box.left) / box.width) * steps,
    value: (py) => (log ? 10 ** (high - (py - box.top) / perUnit) : high - (py - box.top) / perUnit),
    /** Whether a value has a place on the axis: zero has none on a log scale. */
    shows: (value) => Number.isFinite(value) && (!log || value >= 10 ** DEEPEST),
  };
}

function drawFrame(context, curve, scale, steps) {
  const { box, low, high } = scale;
  const count = Math.max(2, Math.floor(box.height / 26));
  const places = scale.log ? decadeTicks(low, high, count) : linearTicks(low, high, count);
  const ticks = places.map((tick) => ({
    y: scale.y(scale.log ? 10 ** tick : tick),
    label: scale.log ? decadeLabel(tick) : String(tick),
  }));
  drawUpwards(context, curve.title, box, ticks);
  const { canvas } = context;
  const bottom = canvas.clientHeight - MARGIN.bottom + 6;
  for (const tick of linearTicks(0, steps, Math.min(steps, box.width / 60))) {
    // A long number at the end of the axis stays on the canvas.
    const rightmost = canvas.clientWidth - context.measureText(String(tick)).width / 2;
    context.fillText(String(tick), Math.min(scale.x(tick), rightmost), bottom);
  }
}

/** One run's curve: strong up to the current step, faint after it; a cross where it diverges. */
function drawLine(context, values, scale, look, step) {
  const point = (k) => [scale.x(k), scale.y(values[k])];
  const shown = (k) => (scale.shows(values[k]) ? point(k) : null);
  const now = Math.floor(step);
  context.strokeStyle = look.fill;
  context.setLineDash(look.dash.map((d) => d * 0.7));
  context.lineWidth = 1.9;
  traceLine(context, 0, Math.min(now, values.length - 1), shown);
  context.stroke();
  context.setLineDash([2, 4]);
  context.lineWidth = 1;
  context.globalAlpha = 0.5;
  traceLine(context, now, values.length - 1, shown);
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([]);
  drawNonfinite(context, values, scale, look, now);
  if (scale.shows(values[now])) {
    const [x, y] = point(now);
    context.fillStyle = look.fill;
    context.beginPath();
    context.arc(x, y, 3.2, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawNonfinite(context, values, scale, look, now) {
  const lost = values.findIndex((value, k) => !Number.isFinite(value) && k + 1 < values.length);
  if (lost < 0 || lost > now) return;
  const x = scale.x(lost);
  const y = scale.box.top + 6;
  context.beginPath();
  context.moveTo(x - 4, y - 4);
  context.lineTo(x + 4, y + 4);
  context.moveTo(x - 4, y + 4);
  context.lineTo(x + 4, y - 4);
  context.lineWidth = 2;
  context.stroke();
}

/** The threshold as a line to drag. */
function drawThreshold(context, threshold, scale) {
  const { ink, paper, font, size } = runStyles();
  const y = scale.y(threshold);
  const right = scale.box.left + scale.box.width;
  context.strokeStyle = ink;
  context.lineWidth = 1.25;
  context.setLineDash([6, 3]);
  context.beginPath();
  context.moveTo(scale.box.left, y);
  context.lineTo(right, y);
  context.stroke();
  context.setLineDash([]);
  const text = `threshold ${Number(threshold.toPrecision(3))}`;
  context.font = `600 ${size * 0.9}px ${font}`;
  const width = context.measureText(text).width + 12;
  context.fillStyle = ink;
  context.fillRect(right - width, y - 9, width, 18);
  context.fillStyle = paper;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, right - width + 6, y + 0.5);
}

/** Clip factor, the fraction of the gradient's or the step's norm that the clip leaves, as a strip of bars under the step length. */
function drawClipFactor(context, runs, scale, steps, step) {
  const run = runs.find(({ run: name }) => name === "with");
  const { muted, line, font, size } = runStyles();
  const bottom = context.canvas.clientHeight - MARGIN.bottom;
  context.strokeStyle = line;
  context.strokeRect(scale.box.left + 0.5, bottom - STRIP + 0.5, scale.box.width - 1, STRIP - 1);
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = muted;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText("clip factor", scale.box.left - 7, bottom - STRIP / 2);
  if (!run) return;
  context.fillStyle = runStyles().with.fill;
  const width = Math.max(1, scale.box.width / steps - (steps < 150 ? 1 : 0));
  for (let k = 0; k < steps; k++) {
    const clip_factor = run.trajectory.clip_factor[k];
    context.globalAlpha = k < step ? 1 : 0.3;
    if (clip_factor >= 0)
      context.fillRect(scale.x(k), bottom - STRIP * Math.min(clip_factor, 1), width, STRIP * Math.min(clip_factor, 1));
  }
  context.globalAlpha = 1;
}

/** Draw one curve, with the threshold that bounds it or 0; returns its scale, for those who point into it. */
export function drawCurve(canvas, curve, { runs, steps, step, threshold }) {
  const context = prepared(canvas);
  const scale = scaleOf(canvas, curve, runs, steps, threshold);
  drawFrame(context, curve, scale, steps);
  const { muted } = runStyles();
  const x = scale.x(Math.min(step, steps));
  context.strokeStyle = muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, scale.box.top);
  context.lineTo(x, scale.box.top + scale.box.height);
  context.stroke();
  for (const { run, trajectory } of runs) drawLine(context, trajectory[curve.name], scale, runStyles()[run], step);
  if (curve.clip_factor) drawClipFactor(context, runs, scale, steps, step);
  if (threshold) drawThreshold(context, threshold, scale);
  return scale;
}
