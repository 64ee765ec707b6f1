// Training plots: loss, gradient norm, clip factor and error over the updates.

import { isNetwork, thresholdOf } from "../../state/scene/lookup.js";
import { formatNumber } from "../../state/numbers.js";
import { errorSeries, series } from "../../state/runs/training.js";
import { byId, make } from "../elements/dom.js";
import { infoButton } from "../elements/info.js";
import { drawTrainingCurve } from "./training_curves.js";

const PLOTS = [
  {
    name: "loss",
    title: "loss of each minibatch",
    about: "Loss of the minibatch of each update, before the update. A dashed line is the loss of guessing.",
  },
  {
    name: "gradient_norm",
    title: "gradient norm before clipping",
    about: "Norm of the gradient with respect to all parameters of the network, before the clip changes it.",
  },
  {
    name: "clip_factor",
    title: "clip factor, %",
    share: true,
    about: "The norm after the clip divided by the norm before it: 100 % where the clip changes nothing.",
  },
  {
    name: "error",
    title: "wrong on new sequences, %",
    share: true,
    about: "Share of wrong answers on sequences that the network was not trained on.",
  },
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
  const infos = PLOTS.map(({ title, about }) => infoButton(`training: ${title}`, about));
  byId("training-curves").append(...canvases.map((canvas, k) => make("figure", {}, canvas, infos[k])));
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
