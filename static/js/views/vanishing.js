// Vanishing together: derivatives of a chain over its length, at the start. Closed until someone opens it.

import { isChain } from "../state/scene.js";
import { onChange } from "../state/store.js";
import { plotDecades } from "./decades.js";
import { byId, make } from "./dom.js";

const EVERY = 300; // decades: a float64 has no more
const LENGTH = "length of the chain T (dotted: negative)";

export function vanishingView({ catalogue, store }) {
  const area = /** @type {HTMLDetailsElement} */ (byId("vanishing"));
  area.addEventListener("toggle", () => store.set({ vanishingOpen: area.open }));
  let kind = "";

  /** Who comes for a chain finds it open; the first landscape is there for its cliff. */
  function meet(scene) {
    if (kind === scene.landscape.kind) return;
    kind = scene.landscape.kind;
    area.hidden = !isChain(catalogue, scene);
    area.open = !area.hidden && kind !== catalogue.scene.landscape.kind;
  }

  function plot(frame, mark) {
    const { first, second, gauss_newton, newton, gauss_newton_step, damped_step, axis, damping } = frame;
    const options = { below: LENGTH, span: EVERY, mark, ends: true };
    plotDecades(
      byId("vanishing-derivatives"),
      `derivatives by ${axis}`,
      [
        { values: second, label: "second", strong: false },
        { values: gauss_newton, label: "Gauss-Newton", strong: false },
        { values: first, label: "first", strong: true },
      ],
      options,
    );
    plotDecades(
      byId("vanishing-ratios"),
      "first derivative divided by …",
      [
        { values: gauss_newton_step, label: "Gauss-Newton", strong: false },
        { values: damped_step, label: `damped by ${damping}`, strong: false },
        { values: newton, label: "second", strong: true },
      ],
      options,
    );
  }

  return {
    draw: onChange(
      (s) => [s.vanishing, s.vanishingOpen, s.scene.landscape, s.looks],
      ({ vanishing: frame, scene }) => {
        meet(scene);
        if (area.hidden || !area.open || frame?.landscape !== kind) return;
        byId("vanishing-words").replaceChildren(...frame.sentences.map((sentence) => make("p", {}, sentence)));
        plot(frame, scene.landscape.sequence_length);
      },
    ),
  };
}
