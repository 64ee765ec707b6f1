// Training curves: thousands of updates on a few hundred pixels. Each column of pixels shows the whole range of the
// updates that fall on it.

import { formatNumber } from "../../state/numbers.js";
import { drawVerticalAxis } from "../canvas/axes.js";
import { fitContext } from "../canvas/context.js";
import { boxWithin } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { decadeLabel, decadeTicks, linearTicks } from "../canvas/ticks.js";

const MARGIN = { left: 44, right: 12, top: 26, bottom: 24 };
const DECADES = 12; // at most on an axis, from the largest value down
const ABOVE = 3; // decades above the other rows that show how a row diverges
const DENSE = 3; // values per pixel
const SHORTER = 0.7; // dashes than those of paths

/** Lowest and highest value of each column of pixels; the lowest is above the highest where there is none. */
function pixelColumns(values, scale) {
  const ranges = Array.from({ length: Math.ceil(scale.width) + 1 }, () => [Infinity, -Infinity]);
  values.forEach((value, k) => {
    if (!Number.isFinite(value) || (scale.log && value <= 0)) return;
    const column = ranges[Math.round(scale.x(k + 1) - MARGIN.left)];
    column[0] = Math.min(column[0], value);
    column[1] = Math.max(column[1], value);
  });
  return ranges;
}

/** Lowest and highest of the positive, finite values. */
function extent(lists) {
  const range = [Infinity, -Infinity];
  for (const list of lists)
    list.forEach((value) => {
      if (!Number.isFinite(value) || value <= 0) return;
      range[0] = Math.min(range[0], value);
      range[1] = Math.max(range[1], value);
    });
  return range;
}

/** The largest value of the row that stays lowest, of those without Inf and NaN. */
function lowestPeak(rows) {
  const finite = rows.filter(({ values }) => values.every(Number.isFinite));
  return Math.min(...finite.map(({ values }) => extent([values])[1]));
}

/**
 * Exponents of the lowest and the highest decade of all rows and the rule. If there are too many decades, a row that
 * diverges leaves the axis, so that the others can be seen.
 * @returns {[number, number]}
 */
export function decadeRange(rows, rule) {
  const own = rule ? [[rule.value]] : [];
  const [low, high] = extent([...rows.map(({ values }) => values), ...own]);
  if (low > high) return [-1, 1];
  let top = Math.ceil(Math.log10(high) + 0.02);
  if (top - Math.log10(low) > DECADES) {
    const first = rows.map(({ values }) => values.subarray(0, 1));
    const [, highest] = extent([...first, [lowestPeak(rows)], ...own]);
    if (highest > 0) top = Math.min(top, Math.ceil(Math.log10(highest)) + ABOVE);
  }
  return [Math.max(Math.min(Math.floor(Math.log10(low)), top - 1), top - DECADES), top];
}

/** The highest value in words, if it is above the axis. */
function overflowText(rows, scale) {
  const [, high] = extent(rows.map(({ values }) => values));
  return high > 10 ** scale.high ? `, up to ${formatNumber(high)}` : "";
}

function scaleOf(canvas, total, log, [low, high]) {
  const box = boxWithin(canvas, MARGIN);
  const y = (v) => box.top + ((high - v) / (high - low)) * box.height;
  return {
    log,
    low,
    high,
    ...box,
    x: (update) => box.left + (update / Math.max(1, total)) * box.width,
    y: (value) => Math.min(y(log ? Math.log10(value) : value), box.bottom),
  };
}

function drawAxes(context, title, scale, total) {
  const places = scale.log ? decadeTicks(scale.low, scale.high, 5) : linearTicks(scale.low, scale.high, 4);
  const ticks = places.map((tick) => ({
    y: scale.y(scale.log ? 10 ** tick : tick),
    label: scale.log ? decadeLabel(tick) : String(Math.round(100 * tick)),
  }));
  drawVerticalAxis(context, title, scale, ticks);
  for (const tick of linearTicks(0, total, Math.min(total, scale.width / 70)))
    context.fillText(String(tick), Math.min(scale.x(tick), scale.right - runStyles().size), scale.bottom + 6);
}

function drawValues(context, values, scale) {
  context.beginPath();
  let joined = false;
  pixelColumns(values, scale).forEach(([low, high], k) => {
    if (low > high) return;
    const x = MARGIN.left + k;
    if (joined) context.lineTo(x, scale.y(low));
    else context.moveTo(x, scale.y(low));
    context.lineTo(x, scale.y(high));
    joined = true;
  });
  context.stroke();
}

function drawPoints(context, points, scale) {
  context.beginPath();
  for (const [at, value] of points) context.lineTo(scale.x(at), scale.y(value));
  context.stroke();
}

function drawRule(context, { value, label }, scale) {
  if (!(value > 0)) return;
  const { ink, paper, font, size } = runStyles();
  const y = Math.max(scale.y(value), MARGIN.top);
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.setLineDash([6, 3]);
  context.beginPath();
  context.moveTo(MARGIN.left, y);
  context.lineTo(scale.right, y);
  context.stroke();
  context.setLineDash([]);
  context.font = `${size * 0.85}px ${font}`;
  const width = context.measureText(label).width + 8;
  context.globalAlpha = 0.85;
  context.fillStyle = paper;
  const left = scale.right - width - 2;
  context.fillRect(left, y + 2, width, size + 3);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(label, left + 4, y + 4);
}

/**
 * One plot. `rows` are `{run, values}` with a value for every update, or `{run, points}` for some updates; `rule` is a
 * line to compare with. Shares are drawn from 0 to 1, everything else on a log scale.
 */
export function drawTrainingCurve(canvas, { title, rows, total, share = false, rule = null }) {
  const context = fitContext(canvas);
  const scale = scaleOf(canvas, total, !share, share ? [0, 1] : decadeRange(rows, rule));
  drawAxes(context, share ? title : title + overflowText(rows, scale), scale, total);
  context.save();
  context.beginPath();
  context.rect(MARGIN.left, scale.top - 2, scale.width + 1, scale.height + 2);
  context.clip();
  context.lineJoin = "round";
  context.lineWidth = rows.length > 4 ? 1 : 1.5;
  // The dashed line of the first run is on top, so that both are visible where they are alike.
  for (const { run, values, points } of [...rows].reverse()) {
    const { fill, dash } = runStyles()[run];
    context.strokeStyle = fill;
    context.globalAlpha = rows.length > 4 ? 0.6 : 0.9;
    // More values than this are a band in which dashes cannot be told apart.
    context.setLineDash((points ?? values).length > DENSE * scale.width ? [] : dash.map((length) => SHORTER * length));
    if (points) drawPoints(context, points, scale);
    else drawValues(context, values, scale);
  }
  context.globalAlpha = 1;
  context.restore();
  if (rule) drawRule(context, rule, scale);
}
