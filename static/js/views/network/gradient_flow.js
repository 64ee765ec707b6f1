// Gradient flow: how the gradient at the start grows or vanishes as it is propagated back through time. If it grows,
// the loss has cliffs.

import { isNetwork } from "../../state/scene/lookup.js";
import { formatNumber } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { drawLogPlot } from "../canvas/log_plot.js";
import { byId } from "../elements/dom.js";

/** The k-th largest singular value at every time step; the frame holds all of them as `(T, H)`. */
function singularValue({ singular_values: values, state_gradients: { length } }, k) {
  const units = values.length / length;
  return Float64Array.from({ length }, (_, t) => values[t * units + Math.min(k, units - 1)]);
}

/** How the first of two gradient norms compares with the last one. */
function comparison(first, last) {
  const ratio = Math.max(first, last) / Math.min(first, last);
  // One of them, or their ratio, may be too small or too large for float64.
  if (!Number.isFinite(ratio)) {
    const inside = first === 0 ? " in float64" : "";
    return `is ${formatNumber(first)}${inside}, and with respect to the last one it is ${formatNumber(last)}`;
  }
  const factor = first >= last ? `${formatNumber(ratio)} times` : `1/${formatNumber(ratio)} of`;
  return `is ${factor} the derivative with respect to the last one`;
}

/** What gradients do between two norms. */
function wayOf(first, last) {
  if (first === last) return "keep their length";
  return first < last ? "shrink" : first > last ? "grow" : "become Inf or NaN";
}

/** What happens to the gradient on its way back through time, in words. */
export function flowSentence({ state_gradients: norms, spectral_radii: radii }) {
  const [first, last] = [norms[0], norms[norms.length - 1]];
  const list = Array.from(radii, formatNumber).join(", ");
  return `Gradients ${wayOf(first, last)} as they are propagated back through time. At the start of the runs, the derivative of the loss with respect to the first hidden state ${comparison(first, last)}. Spectral radius of the recurrent matrix: ${list}.`;
}

function draw(flow) {
  const units = flow.singular_values.length / flow.state_gradients.length;
  byId("gradient-flow-words").textContent = flowSentence(flow);
  drawLogPlot(byId("gradient-flow-norms"), "‖∂L/∂h(t)‖", [{ values: flow.state_gradients, label: "", strong: true }]);
  drawLogPlot(byId("gradient-flow-values"), "singular values of ∂h(T)/∂h(t)", [
    { values: singularValue(flow, 0), label: "largest", strong: true },
    { values: singularValue(flow, Math.floor(units / 2)), label: "median", strong: false },
    { values: singularValue(flow, units - 1), label: "smallest", strong: false },
  ]);
}

export function flowView() {
  const area = byId("gradient-flow");
  return {
    draw: onChange(
      (s) => [s.gradientFlow, isNetwork(s.scene), s.themeVersion, s.open.wall],
      ({ gradientFlow: flow, scene, open }) => {
        area.hidden = !flow || !isNetwork(scene);
        if (!area.hidden && open.wall) draw(flow);
      },
    ),
  };
}
