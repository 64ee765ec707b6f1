// Training on the page: its settings, its buttons, its progress and its results.

import { catalogue } from "../../state/scene/catalogue.js";
import { signature } from "../../state/scene/dependencies.js";
import { isNetwork, runsOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { runStatus } from "../../state/runs/training.js";
import { segmentedControl } from "../elements/choice.js";
import { byId, make } from "../elements/dom.js";
import { numberField } from "../elements/number_field.js";
import { trainingDownloads } from "./training_downloads.js";
import { trainingPlots } from "./training_plots.js";
import { progressText, projectionText, resultText } from "./training_words.js";

const PATHS = [
  ["descent", "Descent on the slice"],
  ["projection", "Projection of the run"],
];

/** Number of updates and of seeds, and which path the slice shows. */
function trainingSettings(change) {
  const fields = catalogue.training.map((parameter) =>
    numberField(parameter, parameter.name, (value, done) =>
      change((scene) => ({ ...scene, [parameter.name]: value }), done),
    ),
  );
  const path = segmentedControl("Shown on the slice", "path", PATHS, (value) =>
    change((scene) => ({ ...scene, path: value }), true),
  );
  byId("training-fields").append(...fields.map((field) => field.element));
  byId("training-path").append(path.element);
  return {
    sync(scene) {
      fields[0].sync(scene.updates);
      fields[1].sync(scene.seeds);
      path.sync(scene.path);
    },
  };
}

/** One button trains, pauses and resumes; the other one discards an unfinished run. */
function trainingButtons({ train, pause, discard }) {
  const [start, stop] = ["train", "discard"].map(byId);
  let running = false;
  start.addEventListener("click", () => (running ? pause() : train()));
  stop.addEventListener("click", discard);
  return {
    /** `own`: whether the run on the page has the Scene's settings. */
    sync(status, own) {
      running = status === "running";
      start.textContent = running ? "Pause" : status === "paused" && own ? "Resume" : "Train";
      stop.hidden = !running && status !== "paused";
    },
  };
}

function resultRow(trainingRun, scene, run) {
  const sentence = make("span", { className: "sentence" }, resultText(trainingRun, scene, run));
  const [swatch, name] = [make("i", { className: "swatch" }), make("strong", {}, catalogue.run_labels[run])];
  return make("p", { className: `verdict plain ${run}` }, swatch, name, sentence);
}

function trainingResults() {
  const [area, rows, projectionWords] = ["training-result", "training-verdicts", "projection-words"].map(byId);
  const plots = trainingPlots();
  const downloads = trainingDownloads();
  return {
    sync({ training: trainingRun, scene, projection }, status, own) {
      area.hidden = !trainingRun;
      projectionWords.textContent = scene.path === "projection" ? projectionText(projection) : "";
      if (!trainingRun) return;
      downloads.sync(trainingRun, scene, status, own);
      plots.draw(trainingRun, scene);
      rows.replaceChildren(...runsOf(scene).map((run) => resultRow(trainingRun, scene, run)));
    },
  };
}

/** `act` trains, pauses and discards. */
export function trainingView({ change, act }) {
  const [area, progress, stale] = ["training", "training-status", "training-stale"].map(byId);
  const settings = trainingSettings(change);
  const buttons = trainingButtons(act);
  const results = trainingResults();

  function show(state) {
    const { training: trainingRun, scene } = state;
    const network = isNetwork(scene);
    area.hidden = !network && !trainingRun;
    if (area.hidden) return;
    // The user's own program trains their model, so there is nothing to set.
    for (const id of ["training-fields", "train", "training-path"]) byId(id).hidden = !network;
    byId("training-error").parentElement.hidden = !network;
    const status = network ? runStatus(state) : "running";
    const own = trainingRun?.signature === signature("training", scene);
    settings.sync(scene);
    buttons.sync(status, own);
    if (!network) byId("discard").hidden = true;
    stale.hidden = !trainingRun || own;
    // Until a new run sends its first frame, the page holds the updates of another one.
    progress.textContent = progressText(own ? trainingRun : null, status);
    if (state.open["whole-network"]) results.sync(state, status, own);
  }

  return {
    sync: onChange(
      (s) => [s.training, s.trainingStatus, s.scene, s.themeVersion, s.projection, s.open["whole-network"]],
      show,
    ),
  };
}
