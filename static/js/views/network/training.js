// Training on the page: how far, how fast, how well, and a way to start, pause and give it up.

import { signature } from "../../state/scene/dependencies.js";
import { onServer, runsOf, thresholdOf } from "../../state/scene/lookup.js";
import { formatNumber } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { errorSeries, outcome, runStatus, series } from "../../state/runs/training.js";
import { RUN_NAMES } from "../../state/verdict.js";
import { byId, make } from "../elements/dom.js";
import { numberField, segmented } from "../elements/field.js";
import { drawTrainingCurve } from "./training_curves.js";

const PLOTS = [
  { name: "loss", title: "loss of each minibatch" },
  { name: "gradient_norm", title: "gradient norm before the clip" },
  { name: "clip_factor", title: "clip factor, %", share: true },
  { name: "error", title: "wrong on fresh sequences, %", share: true },
];

/** Seconds as one says them. */
function duration(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function status(trainingRun, current) {
  if (!trainingRun) return "";
  const counted = `${trainingRun.done.toLocaleString("en")} of ${trainingRun.total.toLocaleString("en")} updates`;
  if (current !== "running" || !trainingRun.pace) return current === "paused" ? `${counted}; paused` : counted;
  return `${counted}; ${formatNumber(trainingRun.pace)} updates/s, ${duration((trainingRun.total - trainingRun.done) / trainingRun.pace)} left`;
}

/** The middle one; what is not a number counts as the largest. */
function median(values) {
  const sorted = values.map((value) => (Number.isNaN(value) ? Infinity : value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function percent(share) {
  return Number.isNaN(share) ? "–" : `${Number((100 * share).toPrecision(2))} %`;
}

/** What an update takes of a method that knows second derivatives, beside the one gradient of the others. */
function price({ products, gradients }) {
  const many = products === 1 ? "product" : "products";
  return `each update took 1 gradient and ${products} curvature ${many}, the work of ${1 + gradients * products} gradients`;
}

function sentence(trainingRun, scene, run) {
  const found = outcome(trainingRun, scene, run);
  const parts = [];
  if (trainingRun.seeds === 1) {
    parts.push(`loss ${formatNumber(found.losses[0])}`, `${percent(found.errors[0])} of 200 fresh sequences wrong`);
    if (found.nonfinite) parts.unshift(`diverged at update ${found.nonfinite}`);
  } else {
    parts.push(`${found.solved} of ${trainingRun.seeds} seeds solved (fewer than 1 % wrong)`);
    parts.push(`in the middle ${percent(median(found.errors))} wrong, loss ${formatNumber(median(found.losses))}`);
    if (found.lost) parts.push(`${found.lost} diverged, the first at update ${found.nonfinite}`);
  }
  if (run === "with") parts.push(`${percent(found.clipped)} of the updates clipped`);
  if (trainingRun.cost.matrix) parts.push(price(trainingRun.cost));
  return parts.join("; ");
}

function rowsOf(trainingRun, scene, name) {
  return name === "error" ? errorSeries(trainingRun, scene) : series(trainingRun, scene, name);
}

function ruleOf(catalogue, trainingRun, scene, name) {
  if (name === "loss") return { value: trainingRun.baseline, label: `guessing ${formatNumber(trainingRun.baseline)}` };
  const { value, curve } = thresholdOf(scene);
  return name === curve && value ? { value, label: `threshold ${formatNumber(value)}` } : null;
}

export function trainingView({ catalogue, change, train, pause, discard }) {
  const [area, go, stop, said, verdicts, stale] = [
    "training",
    "train",
    "discard",
    "training-status",
    "training-verdicts",
    "training-stale",
  ].map(byId);
  const fields = catalogue.training.map((parameter) =>
    numberField(parameter, parameter.name, (value, done) =>
      change((scene) => ({ ...scene, [parameter.name]: value }), done),
    ),
  );
  byId("training-fields").append(...fields.map((field) => field.element));
  const canvases = PLOTS.map(({ name, title }) =>
    make("canvas", { id: `training-${name}`, role: "img", "aria-label": `Training: ${title}` }),
  );
  byId("training-curves").append(...canvases.map((canvas) => make("figure", {}, canvas)));
  const path = segmented(
    "Shown on the slice",
    "path",
    [
      ["descent", "Descent on the slice"],
      ["projection", "Projection of the run"],
    ],
    (value) => change((scene) => ({ ...scene, path: value }), true),
  );
  byId("training-path").append(path.element);
  let current = "";
  go.addEventListener("click", () => (current === "running" ? pause() : train()));
  stop.addEventListener("click", discard);

  function draw({ training: trainingRun, scene }) {
    PLOTS.forEach(({ name, title, share }, k) => {
      const rows = rowsOf(trainingRun, scene, name);
      drawTrainingCurve(canvases[k], {
        title,
        rows,
        total: trainingRun.total,
        share,
        rule: ruleOf(catalogue, trainingRun, scene, name),
      });
    });
    verdicts.replaceChildren(
      ...runsOf(scene).map((run) =>
        make(
          "p",
          { className: `verdict plain ${run}` },
          make("i", { className: "swatch" }),
          make("strong", {}, RUN_NAMES[run]),
          make("span", { className: "sentence" }, sentence(trainingRun, scene, run)),
        ),
      ),
    );
  }

  return {
    sync: onChange(
      (s) => [s.training, s.trainingStatus, s.scene, s.themeVersion, s.projection],
      (state) => {
        const { training: trainingRun, scene, projection } = state;
        area.hidden = !onServer(scene);
        if (area.hidden) return;
        current = runStatus(state);
        fields[0].sync(scene.updates);
        fields[1].sync(scene.seeds);
        path.sync(scene.path);
        const own = trainingRun?.signature === signature("training", scene);
        go.textContent = { running: "Pause", paused: own ? "Resume" : "Train" }[current] ?? "Train";
        stop.hidden = current !== "running" && current !== "paused";
        stale.hidden = !trainingRun || own;
        // Of a run that was just asked for, nothing is counted yet; what the page holds is of another.
        said.textContent = status(own ? trainingRun : null, current);
        byId("training-result").hidden = !trainingRun;
        byId("projection-words").textContent = scene.path === "projection" ? projected(projection) : "";
        if (trainingRun) draw(state);
      },
    ),
  };
}

/** How much of a trainingRun a plane shows, in a sentence. */
function projected(projection) {
  if (!projection) return "The projection is drawn once the trainingRun has come to its end.";
  const runs = projection.runs.map((run, k) => {
    const last = projection.at.length * (k + 1) - 1;
    const share = projection.explained[k];
    const seen = share === null ? "" : `${percent(share)} of its variance lies in the plane; `;
    return `${RUN_NAMES[run]}: ${seen}it ends ${formatNumber(projection.distance[last])} away from the plane, at a true loss of ${formatNumber(projection.loss[last])}`;
  });
  return `Projection of the first seed’s trainingRun; its points do not lie on the surface. ${runs.join(". ")}.`;
}
