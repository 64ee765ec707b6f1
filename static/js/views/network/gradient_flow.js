// Flow: what becomes of gradients on their way back through time, at the start. Where they grow, there is a wall.

import { onServer } from "../../state/scene/lookup.js";
import { formatNumber } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { plotDecades } from "../canvas/log_axis.js";
import { byId } from "../elements/dom.js";

/** One column of singular values `(T, H)`. */
function column({ singular_values: values, state_gradients: { length } }, k) {
  const units = values.length / length;
  return Float64Array.from({ length }, (_, t) => values[t * units + Math.min(k, units - 1)]);
}

function sentence({ state_gradients: norms, spectral_radii: radii }) {
  const [first, last] = [norms[0], norms[norms.length - 1]];
  const times = first / last;
  const change = times >= 1 ? `${formatNumber(times)} times` : `1/${formatNumber(1 / times)} of`;
  const lead = times >= 1 ? "Gradients grow on their way back" : "Gradients fade on their way back";
  const list = Array.from(radii, formatNumber).join(", ");
  return `${lead}: at the start, the derivative of the loss by the first hidden state is ${change} that by the last. Spectral radius of the recurrent matrix: ${list}.`;
}

export function flowView(catalogue) {
  const area = byId("flow");
  return {
    draw: onChange(
      (s) => [s.flow, onServer(s.scene), s.themeVersion],
      ({ flow, scene }) => {
        area.hidden = !flow || !onServer(scene);
        if (area.hidden) return;
        const units = flow.singular_values.length / flow.state_gradients.length;
        byId("flow-words").textContent = sentence(flow);
        plotDecades(byId("flow-gradients"), "‖∂L/∂h_t‖", [{ values: flow.state_gradients, label: "", strong: true }]);
        plotDecades(byId("flow-values"), "singular values of ∂h_T/∂h_t", [
          { values: column(flow, 0), label: "largest", strong: true },
          { values: column(flow, Math.floor(units / 2)), label: "median", strong: false },
          { values: column(flow, units - 1), label: "smallest", strong: false },
        ]);
      },
    ),
  };
}
