// Curves: loss, gradient norm, step length and the optimizer's memory of gradients over the steps, one small canvas
// each.

import { formatNumber, withMinus } from "../../state/numbers.js";
import { isLocked } from "../../state/presentation.js";
import { drawVerticalAxis, titleFont, traceLine } from "../canvas/axes.js";
import { fitContext } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { fillDisc, stroke, strokeLine } from "../canvas/stroke.js";
import { decadeLabel, decadeTicks, linearTicks } from "../canvas/ticks.js";
import { drawClipFactor } from "./clip_factor.js";
import { rowsOf } from "./curve_rows.js";
import { MARGIN, scaleOf } from "./curve_scale.js";

export const CURVES = [
  { name: "loss", title: "loss", about: "The loss at the position that each step has reached." },
  {
    name: "gradient_norm",
    title: "gradient norm before clipping",
    short: "norm before clipping",
    about:
      "Length of the gradient at each position, before the clip changes it. A gradient above the threshold is clipped.",
  },
  {
    name: "step_length",
    title: "step length",
    about:
      "Distance between the positions before and after each step. The bars below are the clip factor: the share of the norm that the clip leaves.",
    clip_factor: true,
  },
  {
    name: "memory",
    title: "memory of gradients",
    about: "Length of what the optimizer divides its step by. One large gradient stays in it for many steps.",
    optional: true,
  },
];

const BESIDE_TITLE = 32; // pixels for the button that explains a curve

/** The title of a curve, or its short form if it does not fit into `room` pixels. */
function titleOf(context, { title, short = title }, room) {
  const { font, size } = runStyles();
  context.font = titleFont(size, font);
  return context.measureText(title).width > room ? short : title;
}

function drawAxes(context, curve, scale, steps, besideTitle) {
  const { box, low, high } = scale;
  const count = Math.max(2, Math.floor(box.height / 26));
  const places = scale.log ? decadeTicks(low, high, count) : linearTicks(low, high, count);
  const ticks = places.map((tick) => ({
    y: scale.y(scale.log ? 10 ** tick : tick),
    label: scale.log ? decadeLabel(tick) : withMinus(String(tick)),
  }));
  const { canvas } = context;
  drawVerticalAxis(context, titleOf(context, curve, canvas.clientWidth - box.left - besideTitle), box, ticks);
  const bottom = canvas.clientHeight - MARGIN.bottom + 6;
  for (const tick of linearTicks(0, steps, Math.min(steps, box.width / 60))) {
    // A long number at the end of the axis stays on the canvas.
    const rightmost = canvas.clientWidth - context.measureText(String(tick)).width / 2;
    context.fillText(String(tick), Math.min(scale.x(tick), rightmost), bottom);
  }
}

/** One run's curve, strong up to the current step and faint after it, with crosses where it diverges. */
function drawLine(context, values, scale, style, step, steps) {
  const now = Math.floor(step);
  const { scale: wide } = style;
  const pointAt = (k) => (scale.shows(values[k]) ? [scale.x(k), scale.y(values[k])] : null);
  const rows = rowsOf(values, steps, scale);
  // A noisy curve of many steps is a band in which dashes cannot be told apart, and they take long to draw.
  const dense = rows.length > 3 * scale.box.width && rows.length < values.length;
  const trace = (list) => traceLine(context, 0, list.length - 1, (k) => pointAt(list[k]));
  trace(now < values.length ? [...rows.filter((k) => k < now), now] : rows);
  stroke(context, {
    colour: style.fill,
    width: 1.9 * wide,
    dash: dense ? [] : style.dash.map((length) => length * 0.7 * wide),
  });
  trace(now < values.length ? [now, ...rows.filter((k) => k > now)] : []);
  stroke(context, { colour: style.fill, width: wide, alpha: dense ? 0.25 : 0.5, dash: dense ? [] : [2, 4] });
  context.setLineDash([]);
  drawNonfinite(context, values, rows, scale, style, now);
  // The only step of a run is a point and no line.
  const current = pointAt(now) ?? (steps === 1 ? pointAt(0) : null);
  if (current) fillDisc(context, current, 3.2 * wide, style.fill);
}

/** A cross at the first row of every stretch with Inf or NaN. */
function drawNonfinite(context, values, rows, scale, style, now) {
  // The last row takes no step, so its step length is NaN in every run.
  const end = Math.min(now, values.length - 2);
  for (const k of rows) {
    if (k > end) break;
    if (Number.isFinite(values[k]) || (k > 0 && !Number.isFinite(values[k - 1]))) continue;
    const [x, y] = [scale.x(k), scale.box.top + 6];
    for (const slope of [1, -1])
      strokeLine(context, [x - 4, y - 4 * slope], [x + 4, y + 4 * slope], { colour: style.fill, width: 2 });
  }
}

export const THRESHOLD_STYLE = { width: 1.25, dash: [6, 3] };

export const thresholdText = (threshold) => `threshold ${formatNumber(threshold)}`;

function drawThreshold(context, threshold, { y, box: { left, right } }) {
  const place = y(threshold);
  strokeLine(context, [left, place], [right, place], { colour: runStyles().ink, ...THRESHOLD_STYLE });
}

/** The label by which the threshold can be dragged. It is short, because it covers the end of the curve. */
function drawThresholdLabel(context, threshold, scale) {
  const { ink, paper, font, size } = runStyles();
  const y = scale.y(threshold);
  const { right } = scale.box;
  const text = `${isLocked("clip.threshold") ? "" : "↕ "}${formatNumber(threshold)}`;
  context.font = `600 ${size * 0.9}px ${font}`;
  const width = context.measureText(text).width + 12;
  context.fillStyle = ink;
  context.fillRect(right - width, y - 9, width, 18);
  context.fillStyle = paper;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, right - width + 6, y + 0.5);
}

/**
 * Draw one curve, with a `threshold` that bounds it, or 0; returns its scale. On the page it has controls: the label by
 * which the threshold is dragged covers a part of the curve, and a button next to the title explains the curve.
 */
export function drawCurve(canvas, curve, { runs, steps, step, threshold, controls = true }) {
  const context = fitContext(canvas);
  const scale = scaleOf(canvas, curve, runs, steps, threshold);
  drawAxes(context, curve, scale, steps, controls ? BESIDE_TITLE : 0);
  const styles = runStyles();
  const x = scale.x(Math.min(step, steps));
  strokeLine(context, [x, scale.box.top], [x, scale.box.bottom], { colour: styles.muted, width: 1 });
  // The dashed line of the first run is on top, so that both are visible where they are alike.
  for (const { run, trajectory } of [...runs].reverse())
    drawLine(context, trajectory[curve.name], scale, styles[run], step, steps);
  if (curve.clip_factor) drawClipFactor(context, runs, scale, steps, step);
  if (threshold) drawThreshold(context, threshold, scale);
  if (threshold && controls) drawThresholdLabel(context, threshold, scale);
  return scale;
}
