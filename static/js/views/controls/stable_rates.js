// Stable rates: 2/sharpness at each run's end and at the known minimum next to it, as marks on the learning rate's
// slider and in words. Only for optimizers that declare it as their limit.

import { signature } from "../../state/scene/dependencies.js";
import { entryOf, noKernel, onServer } from "../../state/scene/lookup.js";
import { minimumRate, sentRates, stableRates } from "../../state/runs/pair.js";
import { formatNumber } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { byId } from "../elements/dom.js";

const FLAT = 1e4; // no learning rate on the slider comes near: the surface is flat for all that matters

function said(rate) {
  return rate < FLAT ? formatNumber(rate) : "none (flat there, or falling away)";
}

function show(controls, ends, minimum, whole = 0) {
  const marks = ends.map(({ run, rate }) => ({
    value: rate,
    className: run,
    title: `2/sharpness at the end, ${run} clipping: ${formatNumber(rate)}`,
  }));
  if (minimum)
    marks.push({
      value: minimum,
      className: "minimum",
      title: `2/sharpness at the known minimum: ${formatNumber(minimum)}`,
    });
  if (whole)
    marks.push({
      value: whole,
      className: "minimum",
      title: `2/λ of the whole net where it starts: ${formatNumber(whole)}`,
    });
  controls.markRate(marks);
  const texts = ends.map(({ run, rate }) => `${said(rate)} at the end ${run} clipping`);
  if (minimum) texts.push(`${said(minimum)} at the known minimum next to it`);
  if (whole) texts.push(`${said(whole)} for the whole net where it starts (2/λ)`);
  byId("stable").textContent = texts.length ? `Stable limit 2/sharpness: ${texts.join("; ")}` : "";
}

export function ratesView({ catalogue, runs, controls }) {
  return onChange(
    (s) => [runs(s), s.curvature, s.scene.optimizer, s.surface, s.slice],
    (state) => {
      const remote = noKernel(state.scene);
      if (!remote && state.curvatureFor !== signature("curvature", state.scene)) return;
      const current = runs(state);
      if (!("Stable limit" in entryOf("optimizer", state.scene.optimizer.kind).notes)) return show(controls, [], 0);
      if (remote) {
        const whole = onServer(state.scene) ? state.slice?.facts.sharpness_limit : 0;
        return show(controls, sentRates(state.pair, current), 0, whole);
      }
      const ends = stableRates(state.scene, state.curvature, current);
      show(controls, ends, minimumRate(state.scene, state.curvature, current, state.surface.minima));
    },
  );
}
