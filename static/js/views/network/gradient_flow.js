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

function sentence({ state_gradients: norms, spectral_radii: radii }) {
  const ratio = norms[0] / norms[norms.length - 1];
  const grows = ratio >= 1;
  // A gradient that float64 cannot hold any more is exactly 0.
  const factor = ratio === 0 ? "0 times" : grows ? `${formatNumber(ratio)} times` : `1/${formatNumber(1 / ratio)} of`;
  const list = Array.from(radii, formatNumber).join(", ");
  return `Gradients ${grows ? "grow" : "shrink"} as they are propagated back through time. At the start of the runs, the derivative of the loss with respect to the first hidden state is ${factor} the derivative with respect to the last one. Spectral radius of the recurrent matrix: ${list}.`;
}

function draw(flow) {
  const units = flow.singular_values.length / flow.state_gradients.length;
  byId("gradient-flow-words").textContent = sentence(flow);
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
