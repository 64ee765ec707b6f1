// The bias over minibatch size: by what angle the mean of clipped minibatches misses the gradient, and how long it is.

import { surfaceOf } from "../../state/scene/lookup.js";
import { restOf } from "../../state/runs/clipping_bias.js";
import { formatNumber } from "../../state/numbers.js";
import { drawRightwards, drawUpwards, traceLine } from "../canvas/axes.js";
import { byId } from "../elements/dom.js";
import { boxWithin, prepared } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { linearTicks } from "../canvas/ticks.js";

const MARGIN = { left: 44, right: 16, top: 26, bottom: 40 };
const STRAIGHT = 0.05; // degrees that no one sees
const NARROW = 5; // degrees that the axis shows at least
const ROOM = 1.12; // above the highest point

/** Sizes to the right, each twice the last one as far; upwards values from zero. */
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
  drawUpwards(context, title, scale, ticks);
  // From the right, so that the whole is named whatever else has no room.
  const named = [];
  let free = Infinity;
  for (const { size } of rows.toReversed()) {
    const half = context.measureText(String(size)).width / 2;
    if (scale.x(size) + half > free) continue;
    named.push({ x: scale.x(size), label: String(size) });
    free = scale.x(size) - half - 8;
  }
  drawRightwards(context, "examples in a minibatch", scale, named);
}

/** A point for every size, the chosen one filled; a value that is none leaves a gap. */
function drawRows(context, scale, rows, values, chosen) {
  const { paper } = runStyles();
  context.strokeStyle = context.fillStyle = runStyles().with.fill;
  context.lineWidth = 2;
  const point = (k) => [scale.x(rows[k].size), scale.y(values[k])];
  traceLine(context, 0, rows.length - 1, (k) => (Number.isFinite(values[k]) ? point(k) : null));
  context.stroke();
  rows.forEach(({ size }, k) => {
    if (!Number.isFinite(values[k])) return;
    context.beginPath();
    context.arc(scale.x(size), scale.y(values[k]), size === chosen ? 5 : 3.5, 0, 2 * Math.PI);
    context.fillStyle = size === chosen ? runStyles().with.fill : paper;
    context.fill();
    context.stroke();
  });
}

function drawLevel(context, scale, value, text) {
  const { ink, font, size } = runStyles();
  const y = scale.y(value);
  context.strokeStyle = context.fillStyle = ink;
  context.lineWidth = 1.25;
  context.setLineDash([6, 4]);
  context.beginPath();
  context.moveTo(MARGIN.left, y);
  context.lineTo(scale.right, y);
  context.stroke();
  context.setLineDash([]);
  context.font = `${size * 0.9}px ${font}`;
  context.textAlign = "right";
  // Beside the axis there is room below the line, and above it the title.
  context.textBaseline = y - size * 1.2 < MARGIN.top ? "top" : "bottom";
  context.fillText(text, scale.right, y + (context.textBaseline === "top" ? 4 : -3));
}

function plot(canvas, title, rows, values, { chosen, level = 0, least = 1e-300 }) {
  const context = prepared(canvas);
  const scale = scaleOf(canvas, rows, [...values, level], least);
  drawAxes(context, title, scale, rows);
  if (level) drawLevel(context, scale, level, "the gradient’s own");
  drawRows(context, scale, rows, values, chosen);
}

function missed({ size, angle }, count) {
  const which = size === count ? `all ${size}` : String(size);
  return Number.isFinite(angle) ? `of ${which}, off by ${angle.toFixed(1)}°` : `of ${which}, they cancel`;
}

function sentence({ rows, count }, start) {
  const place = start ? "At the start" : "At the current step";
  if (rows.every(({ angle }) => angle < STRAIGHT))
    return `${place}, the mean of clipped minibatches of any size points where the gradient does.`;
  // Of many sizes a few tell the story; the curve has them all.
  const few = rows.length <= 4 ? rows : [0, 0.25, 0.5, 1].map((share) => rows[Math.round(share * (rows.length - 1))]);
  const list = few.map((row) => missed(row, count)).join("; ");
  return `${place}, the mean of clipped minibatches against the gradient’s direction: ${list}.`;
}

/** What the clip leaves of each example in minibatches of the chosen size. */
function keptSentence({ rows, count }, chosen) {
  const clip_factor = rows.find(({ size }) => size === chosen)?.clip_factor;
  if (!clip_factor || clip_factor.every((share) => share > 0.9995)) return "";
  const list = clip_factor.map((share) => `${Number((100 * share).toPrecision(3))} %`).join(", ");
  const where = chosen === count ? `one minibatch of all ${count}` : `minibatches of ${chosen}`;
  return ` In ${where}, the clip leaves of examples 1 to ${count}: ${list}.`;
}

function restSentence({ at, gradient, nearest, distance }) {
  const [place, minimum] = [at, nearest].map((point) =>
    point.map((v) => formatNumber(Math.abs(v) < 1e-9 ? 0 : v)).join(", "),
  );
  return ` The run with clipping rests at (${place}), where the clipped minibatches cancel although the gradient’s norm is ${formatNumber(gradient)}: ${formatNumber(distance)} away from the minimum at (${minimum}).`;
}

export function biasView(catalogue) {
  const [area, words, angle, length] = ["bias", "bias-words", "bias-angle", "bias-length"].map(byId);
  return {
    draw({ scene, surface }, runs, bias) {
      area.hidden = !bias;
      if (!bias) return;
      const curves = /** @type {HTMLElement} */ (angle.closest(".curves"));
      curves.hidden = Boolean(bias.reason);
      const rest = restOf(runs, surface.minima);
      const start = Boolean(surfaceOf(scene).no_kernel);
      const chosen = scene.landscape.minibatch_size;
      const said = bias.reason ?? sentence(bias, start) + keptSentence(bias, chosen);
      const text = said + (rest ? restSentence(rest) : "");
      if (words.textContent !== text) words.textContent = text;
      if (bias.reason) return;
      area.dataset.size = String(chosen);
      const of = (name) => bias.rows.map((row) => row[name]);
      plot(angle, "angle to the gradient, degrees", bias.rows, of("angle"), { chosen, least: NARROW });
      plot(length, "norm of the mean", bias.rows, of("length"), { chosen, level: bias.length });
    },
  };
}
