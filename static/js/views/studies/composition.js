// Composition: the height along a line after 0, 1, 2, ... layers, as in the book's figure 10.15.

import { withMinus } from "../../state/numbers.js";
import { drawHorizontalAxis, drawVerticalAxis, traceLine } from "../canvas/axes.js";
import { fitContext } from "../canvas/context.js";
import { drawEndLabels } from "../canvas/end_labels.js";
import { boxWithin } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { stroke } from "../canvas/stroke.js";
import { linearTicks } from "../canvas/ticks.js";

const MARGIN = { left: 44, right: 64, top: 26, bottom: 40 };
const LEAST = 1e-12; // added on both sides, so that the range is not empty if all heights are equal

function scaleOf(canvas, at, heights) {
  const [low, high] = [Math.min(...heights) - LEAST, Math.max(...heights) + LEAST];
  const box = boxWithin(canvas, MARGIN);
  const [first, last] = [at[0], at.at(-1)];
  return {
    low,
    high,
    first,
    last,
    count: at.length,
    x: (place) => box.left + ((place - first) / (last - first)) * box.width,
    y: (value) => box.top + ((high - value) / (high - low)) * box.height,
    ...box,
  };
}

function drawAxes(context, scale) {
  const ticks = linearTicks(scale.low, scale.high, 5).map((tick) => ({
    y: scale.y(tick),
    label: withMinus(String(tick)),
  }));
  drawVerticalAxis(context, "projection of the output", scale, ticks);
  const places = linearTicks(scale.first, scale.last, 6);
  const named = places.map((place) => ({ x: scale.x(place), label: withMinus(String(place)) }));
  drawHorizontalAxis(context, "input coordinate", scale, named);
}

/** The line after some of the layers. The more layers, the stronger the line. */
function drawLayer(context, scale, at, values, share) {
  const { ink, muted } = runStyles();
  traceLine(context, 0, values.length - 1, (k) => [scale.x(at[k]), scale.y(values[k])]);
  stroke(context, { colour: share === 1 ? ink : muted, width: 0.8 + 1.2 * share, alpha: 0.35 + 0.65 * share });
}

/** `first` is the number of layers before the first line. */
function plot(canvas, at, layers, first) {
  const context = fitContext(canvas);
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
  drawEndLabels(context, scale, series);
}

export const composition = {
  title: "The output along a line, layer by layer",
  lead: "Each layer folds the surface further, as in figure 10.15 of the book.",
  pictures: ["0, 1 and 2", "3, 4 and 5"].map((layers) => ({
    label: `Output along a line after ${layers} layers`,
    quantity: `the output after ${layers} layers`,
    about:
      "The input moves along a line, and the curve shows its image after so many layers, projected onto one direction. " +
      "Every layer folds it once more.",
  })),

  draw({ at, heights }, scene, canvases) {
    const layers = Array.from({ length: heights.length / at.length }, (_, k) =>
      heights.subarray(k * at.length, (k + 1) * at.length),
    );
    const half = layers.length / 2;
    canvases.forEach((canvas, k) => {
      plot(canvas, at, layers.slice(k * half, (k + 1) * half), k * half);
    });
  },
};
