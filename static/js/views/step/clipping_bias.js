// Clipping bias: the mean of clipped minibatches as a function of the minibatch size, by its angle to the gradient and
// by its norm.

import { surfaceOf } from "../../state/scene/lookup.js";
import { restOf } from "../../state/runs/clipping_bias.js";
import { formatAngle, formatNumber, formatShare } from "../../state/numbers.js";
import { drawHorizontalAxis, drawVerticalAxis, traceLine } from "../canvas/axes.js";
import { fitContext } from "../canvas/context.js";
import { boxWithin } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { fillDisc, stroke, strokeLine } from "../canvas/stroke.js";
import { linearTicks } from "../canvas/ticks.js";
import { byId } from "../elements/dom.js";

const MARGIN = { left: 44, right: 16, top: 26, bottom: 40 };
const STRAIGHT = 0.05; // degrees: a smaller angle counts as 0
const NARROW = 5; // smallest range of the axis in degrees
const ROOM = 1.12; // top of the axis, as a multiple of the highest point

/** Axes: minibatch sizes on a log scale to the right, values from zero upwards. */
function scaleOf(canvas, rows, values, least) {
  const highest = ROOM * Math.max(...values.filter(Number.isFinite), least);
  const box = boxWithin(canvas, MARGIN);
  const last = Math.log2(rows.at(-1).size) || 1;
  return {
    highest,
    ...box,
    x: (size) => box.left + (Math.log2(size) / last) * box.width,
    y: (value) => box.top + (1 - value / highest) * box.height,
  };
}

function drawAxes(context, title, scale, rows) {
  const ticks = linearTicks(0, scale.highest, 4).map((value) => ({ y: scale.y(value), label: formatNumber(value) }));
  drawVerticalAxis(context, title, scale, ticks);
  // Labels are placed from the right, so that the largest size always has one.
  const labels = [];
  let free = Infinity;
  for (const { size } of rows.toReversed()) {
    const half = context.measureText(String(size)).width / 2;
    if (scale.x(size) + half > free) continue;
    labels.push({ x: scale.x(size), label: String(size) });
    free = scale.x(size) - half - 8;
  }
  drawHorizontalAxis(context, "examples in a minibatch", scale, labels);
}

/** A line with a point for every size, filled for the chosen one; a value that is not finite is a gap. */
function drawRows(context, scale, rows, values, chosen) {
  const { paper, with: style } = runStyles();
  const line = { colour: style.fill, width: 2 };
  const pointAt = (k) => (Number.isFinite(values[k]) ? [scale.x(rows[k].size), scale.y(values[k])] : null);
  traceLine(context, 0, rows.length - 1, pointAt);
  stroke(context, line);
  rows.forEach(({ size }, k) => {
    const point = pointAt(k);
    if (!point) return;
    fillDisc(context, point, size === chosen ? 5 : 3.5, size === chosen ? style.fill : paper);
    stroke(context, line);
  });
}

/** A dashed line at a value, with words. */
function drawLevel(context, scale, value, text) {
  const { ink, font, size } = runStyles();
  const y = scale.y(value);
  strokeLine(context, [scale.left, y], [scale.right, y], { colour: ink, width: 1.25, dash: [6, 4] });
  context.fillStyle = ink;
  context.font = `${size * 0.9}px ${font}`;
  context.textAlign = "right";
  // Words above a line at the top edge would cover the title.
  context.textBaseline = y - size * 1.2 < MARGIN.top ? "top" : "bottom";
  context.fillText(text, scale.right, y + (context.textBaseline === "top" ? 4 : -3));
}

function plot(canvas, title, rows, values, { chosen, level = 0, least = 1e-300 }) {
  const context = fitContext(canvas);
  const scale = scaleOf(canvas, rows, [...values, level], least);
  drawAxes(context, title, scale, rows);
  if (level) drawLevel(context, scale, level, "norm of the gradient");
  drawRows(context, scale, rows, values, chosen);
}

function angleWords({ size, angle }, count) {
  const which = size === count ? `all ${size} examples` : `size ${size}`;
  return Number.isFinite(angle) ? `${formatAngle(angle)} for ${which}` : `undefined for ${which} (they cancel)`;
}

function angleSentence({ rows, count }, start) {
  const place = start ? "At the start" : "At the current step";
  if (rows.every(({ angle }) => angle < STRAIGHT))
    return `${place}, the mean of clipped minibatches has the same direction as the gradient for every minibatch size.`;
  // The sentence names four of many sizes; the curve shows all of them.
  const few = rows.length <= 4 ? rows : [0, 0.25, 0.5, 1].map((share) => rows[Math.round(share * (rows.length - 1))]);
  const list = few.map((row) => angleWords(row, count)).join(", ");
  return `${place}, the angle between the gradient and the mean of clipped minibatches is ${list}.`;
}

/** The clip factor of each example in minibatches of the chosen size. */
function factorSentence({ rows, count }, chosen) {
  const factors = rows.find(({ size }) => size === chosen)?.clipFactors;
  if (!factors || factors.every((factor) => factor > 0.9995)) return "";
  const list = factors.map((factor) => formatShare(factor, 3)).join(", ");
  const where = chosen === count ? `one minibatch of all ${count}` : `minibatches of ${chosen}`;
  return ` In ${where}, the clip factors of examples 1 to ${count} are ${list}.`;
}

function restSentence({ at, gradient, nearest, distance }) {
  // A coordinate that converges to 0 would be shown as 1.23e−17.
  const coordinate = (value) => formatNumber(Math.abs(value) < 1e-9 ? 0 : value);
  const [place, minimum] = [at, nearest].map((point) => point.map(coordinate).join(", "));
  const [norm, far] = [gradient, distance].map(formatNumber);
  return ` The run with clipping stops at (${place}). There the clipped minibatches cancel, although the gradient norm is ${norm}. The distance to the minimum at (${minimum}) is ${far}.`;
}

/** The sentences about the bias at the current step, or at the start if the server computes it. */
function wordsOf({ scene, surface }, runs, bias) {
  const atStart = Boolean(surfaceOf(scene).no_kernel);
  const own = bias.reason ?? angleSentence(bias, atStart) + factorSentence(bias, scene.landscape.minibatch_size);
  const rest = restOf(runs, surface.minima);
  return own + (rest ? restSentence(rest) : "");
}

export function biasView() {
  const [area, words, angle, length] = ["bias", "bias-words", "bias-angle", "bias-length"].map(byId);
  return {
    draw(state, runs, bias) {
      area.hidden = !bias;
      if (!bias) return;
      const curves = /** @type {HTMLElement} */ (angle.closest(".curves"));
      curves.hidden = Boolean(bias.reason);
      const text = wordsOf(state, runs, bias);
      if (words.textContent !== text) words.textContent = text;
      if (bias.reason) return;
      const chosen = state.scene.landscape.minibatch_size;
      area.dataset.size = String(chosen);
      const column = (name) => bias.rows.map((row) => row[name]);
      plot(angle, "angle to the gradient, degrees", bias.rows, column("angle"), { chosen, least: NARROW });
      plot(length, "norm of the mean", bias.rows, column("length"), { chosen, level: bias.length });
    },
  };
}
