// Composition: the height along a line after 0, 1, 2, ... layers, as the book's figure 10.15 has it.

import { drawUpwards } from "./axes.js";
import { drawEnds } from "./decades.js";
import { prepared } from "./geometry.js";
import { looks } from "./looks.js";
import { linearTicks } from "./ticks.js";

const MARGIN = { left: 44, right: 64, top: 26, bottom: 40 };
const LEAST = 1e-12;

/** With the typographic minus. */
const signed = (value) => String(value).replace("-", "−");

function scaleOf(canvas, at, heights) {
  const [low, high] = [Math.min(...heights) - LEAST, Math.max(...heights) + LEAST];
  const width = canvas.clientWidth - MARGIN.left - MARGIN.right;
  const height = canvas.clientHeight - MARGIN.top - MARGIN.bottom;
  const [first, last] = [at[0], at.at(-1)];
  return {
    low,
    high,
    first,
    last,
    count: at.length,
    x: (place) => MARGIN.left + ((place - first) / (last - first)) * width,
    y: (value) => MARGIN.top + ((high - value) / (high - low)) * height,
    right: MARGIN.left + width,
    bottom: MARGIN.top + height,
  };
}

function drawAxes(context, scale) {
  const ticks = linearTicks(scale.low, scale.high, 5).map((tick) => ({ y: scale.y(tick), label: signed(tick) }));
  drawUpwards(context, "projection of the output", { left: MARGIN.left, right: scale.right }, ticks);
  for (const place of linearTicks(scale.first, scale.last, 6))
    context.fillText(signed(place), scale.x(place), scale.bottom + 6);
  context.fillText("input coordinate", (MARGIN.left + scale.right) / 2, scale.bottom + 22);
}

/** Lines get stronger with every layer; the last one is ink. */
function drawLayer(context, scale, at, values, share) {
  const { ink, muted } = looks();
  context.strokeStyle = share === 1 ? ink : muted;
  context.globalAlpha = 0.35 + 0.65 * share;
  context.lineWidth = 0.8 + 1.2 * share;
  context.beginPath();
  values.forEach((value, k) => context[k ? "lineTo" : "moveTo"](scale.x(at[k]), scale.y(value)));
  context.stroke();
  context.globalAlpha = 1;
}

/** `first` is how many layers the first line has behind it. */
function plot(canvas, at, layers, first) {
  const context = prepared(canvas);
  const scale = scaleOf(
    canvas,
    at,
    layers.flatMap((values) => [...values]),
  );
  drawAxes(context, scale);
  layers.forEach((values, k) => drawLayer(context, scale, at, values, (k + 1) / layers.length));
  const series = layers.map((values, k) => ({
    values,
    label: first + k === 1 ? "1 layer" : `${first + k} layers`,
    strong: k === layers.length - 1,
  }));
  drawEnds(context, scale, series);
}

export const composition = {
  title: "The book’s figure 10.15: the height along a line, layer after layer",
  labels: ["Height along a line after 0, 1 and 2 layers", "Height along a line after 3, 4 and 5 layers"],

  draw({ at, heights }, scene, canvases) {
    const layers = Array.from({ length: heights.length / at.length }, (_, k) =>
      heights.subarray(k * at.length, (k + 1) * at.length),
    );
    const half = layers.length / 2;
    canvases.forEach((canvas, k) => {
      const [from, to] = [k * half, (k + 1) * half];
      plot(canvas, at, layers.slice(from, to), from);
    });
  },
};
