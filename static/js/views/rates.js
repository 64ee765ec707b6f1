// Stable rates: 2/sharpness at each lane's end, as marks on the learning rate's slider and in words.

import { stableRates } from "../state/lanes.js";
import { written } from "../state/numbers.js";
import { curvatureSignature } from "../state/scene.js";
import { onChange } from "../state/store.js";
import { byId } from "./dom.js";

const FLAT = 1e4; // no learning rate on the slider comes near: the end is flat for all that matters

export function ratesView({ catalogue, lanes, controls }) {
  return onChange(
    (s) => [lanes(s), s.curvature, s.scene.optimizer],
    (state) => {
      if (state.curvatureFor !== curvatureSignature(catalogue, state.scene)) return;
      const rates = stableRates(state.scene, state.curvature, lanes(state));
      const title = ({ lane, rate }) => `2/sharpness at the end, ${lane} clipping: ${written(rate)}`;
      controls.markRate(rates.map((one) => ({ value: one.rate, className: one.lane, title: title(one) })));
      const texts = rates.map(
        ({ lane, rate }) => `${lane} clipping ${rate < FLAT ? written(rate) : "none, it is flat there"}`,
      );
      byId("stable").textContent = texts.length ? `Stable limit 2/sharpness at the end: ${texts.join("; ")}` : "";
    },
  );
}
