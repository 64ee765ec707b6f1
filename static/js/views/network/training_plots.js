// Training plots: loss, gradient norm, clip factor and error over the updates.

import { isNetwork, thresholdOf } from "../../state/scene/lookup.js";
import { formatNumber } from "../../state/numbers.js";
import { errorSeries, series } from "../../state/runs/training.js";
import { byId, make } from "../elements/dom.js";
import { drawTrainingCurve } from "./training_curves.js";

const PLOTS = [
  { name: "loss", title: "loss of each minibatch" },
  { name: "gradient_norm", title: "gradient norm before clipping" },
  { name: "clip_factor", title: "clip factor, %", share: true },
  { name: "error", title: "wrong on new sequences, %", share: true },
];

/** The values to compare a curve with: the loss of guessing, or the threshold. */
function ruleOf({ baseline }, scene, name) {
  // The user's own program has a threshold of its own.
  if (!isNetwork(scene)) return null;
  if (name === "loss") return { value: baseline, label: `guessing ${formatNumber(baseline)}` };
  const { value, curve } = thresholdOf(scene);
  return name === curve && value ? { value, label: `threshold ${formatNumber(value)}` } : null;
}

export function trainingPlots() {
  const canvases = PLOTS.map(({ name, title }) =>
    make("canvas", { id: `training-${name}`, role: "img", "aria-label": `Training: ${title}` }),
  );
  byId("training-curves").append(...canvases.map((canvas) => make("figure", {}, canvas)));
  return {
    draw(trainingRun, scene) {
      PLOTS.forEach(({ name, title, share }, k) => {
        const rows = name === "error" ? errorSeries(trainingRun, scene) : series(trainingRun, scene, name);
        const rule = ruleOf(trainingRun, scene, name);
        drawTrainingCurve(canvases[k], { title, rows, total: trainingRun.total, share, rule });
      });
    },
  };
}
