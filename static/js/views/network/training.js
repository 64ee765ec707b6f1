// Training on the page: how far, how fast, how well, and a way to start, pause and give it up.

import { written } from "../../state/numbers.js";
import { lanesOf, onServer, thresholdOf } from "../../state/scene/scene.js";
import { onChange } from "../../state/store.js";
import { errorSeries, outcome, runStatus, series, trainingSignature } from "../../state/runs/training.js";
import { LANE_NAMES } from "../../state/verdict.js";
import { byId, make } from "../elements/dom.js";
import { numberField, segmented } from "../elements/field.js";
import { drawTrainingCurve } from "./training_curves.js";

const PLOTS = [
  { name: "loss", title: "loss of each minibatch" },
  { name: "gradient_norm", title: "gradient norm before the clip" },
  { name: "kept", title: "fraction kept, %", share: true },
  { name: "error", title: "wrong on fresh sequences, %", share: true },
];

/** Seconds as one says them. */
function duration(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function status(run, current) {
  if (!run) return "";
  const counted = `${run.done.toLocaleString("en")} of ${run.total.toLocaleString("en")} updates`;
  if (current !== "running" || !run.pace) return current === "paused" ? `${counted}; paused` : counted;
  return `${counted}; ${written(run.pace)} updates/s, ${duration((run.total - run.done) / run.pace)} left`;
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

function sentence(run, scene, lane) {
  const found = outcome(run, scene, lane);
  const parts = [];
  if (run.seeds === 1) {
    parts.push(`loss ${written(found.losses[0])}`, `${percent(found.errors[0])} of 200 fresh sequences wrong`);
    if (found.nonfinite) parts.unshift(`left the numbers at update ${found.nonfinite}`);
  } else {
    parts.push(`${found.solved} of ${run.seeds} seeds solved (fewer than 1 % wrong)`);
    parts.push(`in the middle ${percent(median(found.errors))} wrong, loss ${written(median(found.losses))}`);
    if (found.lost) parts.push(`${found.lost} left the numbers, the first at update ${found.nonfinite}`);
  }
  if (lane === "with") parts.push(`${percent(found.clipped)} of the updates clipped`);
  if (run.cost.matrix) parts.push(price(run.cost));
  return parts.join("; ");
}

function rowsOf(run, scene, name) {
  return name === "error" ? errorSeries(run, scene) : series(run, scene, name);
}

function ruleOf(catalogue, run, scene, name) {
  if (name === "loss") return { value: run.baseline, label: `guessing ${written(run.baseline)}` };
  const { value, curve } = thresholdOf(catalogue, scene);
  return name === curve && value ? { value, label: `threshold ${written(value)}` } : null;
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

  function draw({ training: run, scene }) {
    PLOTS.forEach(({ name, title, share }, k) => {
      const rows = rowsOf(run, scene, name);
      drawTrainingCurve(canvases[k], {
        title,
        rows,
        total: run.total,
        share,
        rule: ruleOf(catalogue, run, scene, name),
      });
    });
    verdicts.replaceChildren(
      ...lanesOf(scene).map((lane) =>
        make(
          "p",
          { className: `verdict plain ${lane}` },
          make("i", { className: "swatch" }),
          make("strong", {}, LANE_NAMES[lane]),
          make("span", { className: "sentence" }, sentence(run, scene, lane)),
        ),
      ),
    );
  }

  return {
    sync: onChange(
      (s) => [s.training, s.trainingStatus, s.scene, s.looks, s.projection],
      (state) => {
        const { training: run, scene, projection } = state;
        area.hidden = !onServer(catalogue, scene);
        if (area.hidden) return;
        current = runStatus(state);
        fields[0].sync(scene.updates);
        fields[1].sync(scene.seeds);
        path.sync(scene.path);
        const own = run?.signature === trainingSignature(scene);
        go.textContent = { running: "Pause", paused: own ? "Resume" : "Train" }[current] ?? "Train";
        stop.hidden = current !== "running" && current !== "paused";
        stale.hidden = !run || own;
        // Of a run that was just asked for, nothing is counted yet; what the page holds is of another.
        said.textContent = status(own ? run : null, current);
        byId("training-result").hidden = !run;
        byId("projection-words").textContent = scene.path === "projection" ? projected(projection) : "";
        if (run) draw(state);
      },
    ),
  };
}

/** How much of a run a plane shows, in a sentence. */
function projected(projection) {
  if (!projection) return "The projection is drawn once the run has come to its end.";
  const lanes = projection.lanes.map((lane, k) => {
    const last = projection.at.length * (k + 1) - 1;
    const share = projection.explained[k];
    const seen = share === null ? "" : `${percent(share)} of its variance lies in the plane; `;
    return `${LANE_NAMES[lane]}: ${seen}it ends ${written(projection.distance[last])} away from the plane, at a true loss of ${written(projection.loss[last])}`;
  });
  return `Projection of the first seed’s run; its points do not lie on the surface. ${lanes.join(". ")}.`;
}
