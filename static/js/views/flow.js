// Flow: what becomes of gradients on their way back through time, at the start. Where they grow, there is a wall.

import { decadeTicks, decadeLabel, linearTicks } from "./ticks.js";
import { written } from "../state/numbers.js";
import { onServer } from "../state/scene.js";
import { onChange } from "../state/store.js";
import { drawUpwards } from "./axes.js";
import { byId } from "./dom.js";
import { prepared } from "./geometry.js";
import { looks } from "./looks.js";

const MARGIN = { left: 44, right: 12, top: 26, bottom: 40 };
const SPAN = 24; // decades that an axis shows at most, from the largest value down

/** Box and axes of a plot over time steps 1..T; upwards powers of ten. */
function scaleOf(canvas, series) {
  const values = series.flatMap(({ values: v }) => Array.from(v)).filter((v) => v > 0 && Number.isFinite(v));
  const top = Math.ceil(Math.log10(Math.max(...values, 1e-300)) + 0.02);
  const low = Math.max(Math.floor(Math.log10(Math.min(...values, 1e300))), top - SPAN);
  const count = series[0].values.length;
  const width = canvas.clientWidth - MARGIN.left - MARGIN.right;
  const height = canvas.clientHeight - MARGIN.top - MARGIN.bottom;
  return {
    low: Math.min(low, top - 1),
    top,
    count,
    x: (step) => MARGIN.left + ((step - 1) / Math.max(1, count - 1)) * width,
    y: (value) => MARGIN.top + ((top - Math.log10(value)) / (top - Math.min(low, top - 1))) * height,
    right: MARGIN.left + width,
    bottom: MARGIN.top + height,
  };
}

function drawAxes(context, title, scale) {
  const powers = decadeTicks(scale.low, scale.top, 5);
  const ticks = powers.map((power) => ({ y: scale.y(10 ** power), label: decadeLabel(power) }));
  drawUpwards(context, title, { left: MARGIN.left, right: scale.right }, ticks);
  for (const step of linearTicks(1, scale.count, 6)) context.fillText(String(step), scale.x(step), scale.bottom + 6);
  context.fillText("time step t", (MARGIN.left + scale.right) / 2, scale.bottom + 22);
}

function drawSeries(context, scale, { values, label, strong }) {
  const { ink, muted, font, size } = looks();
  context.strokeStyle = strong ? ink : muted;
  context.lineWidth = strong ? 2 : 1.2;
  context.beginPath();
  let joined = false;
  values.forEach((value, k) => {
    const shown = value >= 10 ** scale.low && Number.isFinite(value);
    if (shown) context[joined ? "lineTo" : "moveTo"](scale.x(k + 1), scale.y(value));
    joined = shown;
  });
  context.stroke();
  if (!label || !(values[0] >= 10 ** scale.low)) return;
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = strong ? ink : muted;
  context.textAlign = "left";
  // At the top edge there is the title: then the name stands below its line.
  const y = scale.y(values[0]);
  const above = y - size > MARGIN.top;
  context.textBaseline = above ? "bottom" : "top";
  context.fillText(label, scale.x(1) + 4, above ? y - 3 : y + 3);
}

function plot(canvas, title, series) {
  const context = prepared(canvas);
  const scale = scaleOf(canvas, series);
  drawAxes(context, title, scale);
  for (const one of series) drawSeries(context, scale, one);
}

/** One column of singular values `(T, H)`. */
function column({ singular_values: values, state_gradients: { length } }, k) {
  const units = values.length / length;
  return Float64Array.from({ length }, (_, t) => values[t * units + Math.min(k, units - 1)]);
}

function sentence({ state_gradients: norms, spectral_radii: radii }) {
  const [first, last] = [norms[0], norms[norms.length - 1]];
  const times = first / last;
  const change = times >= 1 ? `${written(times)} times` : `1/${written(1 / times)} of`;
  const lead = times >= 1 ? "Gradients grow on their way back" : "Gradients fade on their way back";
  const list = Array.from(radii, written).join(", ");
  return `${lead}: at the start, the derivative of the loss by the first hidden state is ${change} that by the last. Spectral radius of the recurrent matrix: ${list}.`;
}

export function flowView(catalogue) {
  const area = byId("flow");
  return {
    draw: onChange(
      (s) => [s.flow, onServer(catalogue, s.scene), s.looks],
      ({ flow, scene }) => {
        area.hidden = !flow || !onServer(catalogue, scene);
        if (area.hidden) return;
        const units = flow.singular_values.length / flow.state_gradients.length;
        byId("flow-words").textContent = sentence(flow);
        plot(byId("flow-gradients"), "‖∂L/∂h_t‖", [{ values: flow.state_gradients, label: "", strong: true }]);
        plot(byId("flow-values"), "singular values of ∂h_T/∂h_t", [
          { values: column(flow, 0), label: "largest", strong: true },
          { values: column(flow, Math.floor(units / 2)), label: "median", strong: false },
          { values: column(flow, units - 1), label: "smallest", strong: false },
        ]);
      },
    ),
  };
}
