// Outcome picture: a sweep's cells as colours on a canvas, with axes, and hatched where the two runs' outcomes differ.

import { columnOf } from "../../state/runs/outcomes.js";
import { along } from "../../state/numbers.js";
import { cssColour, lookup, themeName } from "../canvas/colour.js";
import { fitContext } from "../canvas/context.js";
import { boxWithin } from "../canvas/geometry.js";
import { colourAt, drawHeatImage, heatImage } from "../canvas/heat_image.js";
import { runStyles } from "../canvas/run_style.js";
import { decadeLabel, decadeTicks, labelledTicks } from "../canvas/ticks.js";
import { heightsOf } from "../canvas/value_scale.js";

const MARGIN = { left: 52, right: 10, top: 26, bottom: 40 };

/** The colour of an outcome by its name. */
export function outcomeColour(name) {
  return cssColour(`--outcome-${name.replace("_", "-")}`);
}

export function boxOf(canvas) {
  return boxWithin(canvas, MARGIN);
}

/** Shares of both axes at a pixel, and back. */
export function placing({ left, top, width, height }) {
  return {
    shares: (px, py) => [(px - left) / width, 1 - (py - top) / height],
    pixel: (across, upward) => [left + across * width, top + (1 - upward) * height],
  };
}

function packed(colour) {
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  return (255 << 24) | (b << 16) | (g << 8) | r;
}

/** Colours of one run's cells, and what they mean: a list of outcomes, or a scale with two ends. */
function coloured(frame, run, quantity, ids) {
  if (quantity === "outcome") {
    const colours = ids.map((name) => packed(outcomeColour(name)));
    const outcomes = columnOf(frame, run, "outcome");
    return { small: heatImage(frame, (k) => colours[outcomes[k]]), scale: null };
  }
  // Both runs share a scale, or side by side would tell nothing.
  const both = ["without", "with"].map((one) => columnOf(frame, one, quantity));
  const joined = new Float32Array(2 * both[0].length);
  both.forEach((column, k) => joined.set(column, k * column.length));
  const share = quantity === "converged";
  const { values, low, high } = share ? { values: joined, low: 0, high: 1 } : heightsOf(joined, "log");
  const first = run === "without" ? 0 : both[0].length;
  const colours = lookup(themeName());
  const colourOf = (k) => colourAt(colours, (values[first + k] - low) / (high - low));
  return { small: heatImage(frame, colourOf), scale: { low, high, colours, share } };
}

/** Hatch the cells where the two runs' outcomes differ. */
function drawDifference(context, frame, box) {
  const [a, b] = ["without", "with"].map((run) => columnOf(frame, run, "outcome"));
  const mask = heatImage(frame, (k) => (a[k] === b[k] ? 0 : 255 << 24));
  const ratio = window.devicePixelRatio || 1;
  const hatch = new OffscreenCanvas(Math.ceil(box.width * ratio), Math.ceil(box.height * ratio));
  const inner = hatch.getContext("2d");
  inner.scale(ratio, ratio);
  inner.strokeStyle = runStyles().ink;
  inner.globalAlpha = 0.5;
  inner.lineWidth = 0.8;
  inner.beginPath();
  for (let x = -box.height; x < box.width; x += 7) {
    inner.moveTo(x, box.height);
    inner.lineTo(x + box.height, 0);
  }
  inner.stroke();
  inner.globalAlpha = 1;
  inner.globalCompositeOperation = "destination-in";
  drawHeatImage(inner, mask, { left: 0, top: 0, width: box.width, height: box.height }, { smooth: false });
  context.drawImage(hatch, box.left, box.top, box.width, box.height);
}

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

function drawAxes(context, frame, box, names) {
  const { muted, line, ink, font, size } = runStyles();
  const { pixel } = placing(box);
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = muted;
  context.textBaseline = "top";
  context.textAlign = "center";
  const across = ticksOf(frame.axes[0], names[0], Math.max(2, box.width / 70));
  const upward = ticksOf(frame.axes[1], names[1], Math.max(2, box.height / 44));
  for (const { share, label } of across.ticks) context.fillText(label, pixel(share, 0)[0], box.top + box.height + 5);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { share, label } of upward.ticks) context.fillText(label, box.left - 6, pixel(0, share)[1]);
  context.fillStyle = ink;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(across.title, box.left + box.width / 2, box.top + box.height + 21);
  // Beside the ticks there is no room for a name: it stands at the other end of the line with the run's.
  context.textAlign = "right";
  context.fillText(`↑ ${upward.title}`, box.left + box.width, 6);
}

/** One run's picture; returns the scale of its colours, null for outcomes. */
export function drawOutcomes(canvas, frame, run, quantity, { names, ids, differ }) {
  const context = fitContext(canvas);
  const box = boxOf(canvas);
  const { small, scale } = coloured(frame, run, quantity, ids);
  drawHeatImage(context, small, box, { smooth: false });
  if (differ) drawDifference(context, frame, box);
  drawAxes(context, frame, box, names);
  const { font, size } = runStyles();
  context.font = `600 ${size}px ${font}`;
  context.fillStyle = runStyles()[run].fill;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(run === "with" ? "With clipping" : "Without clipping", box.left, 6);
  return scale;
}
