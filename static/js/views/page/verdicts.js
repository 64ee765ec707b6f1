// Verdicts: what happened to each run in a sentence, and the numbers of the current step.

import { noKernel, onServer } from "../../state/scene/lookup.js";
import { stepOf } from "../../state/runs/step.js";
import { formatNumber } from "../../state/numbers.js";
import { RUN_NAMES, verdict } from "../../state/verdict.js";
import { make } from "../elements/dom.js";

/** @type {[string, (trajectory: any, k: number) => string][]} */
const COLUMNS = [
  ["position", (t, k) => `${formatNumber(t.x[k])}, ${formatNumber(t.y[k])}`],
  ["loss", (t, k) => formatNumber(t.loss[k])],
  ["gradient norm", (t, k) => formatNumber(t.gradient_norm[k])],
  [
    "clip factor",
    (t, k) => (Number.isNaN(t.clip_factor[k]) ? "–" : `${Number((100 * t.clip_factor[k]).toPrecision(3))} %`),
  ],
  ["step length", (t, k) => (k === t.steps ? "–" : formatNumber(t.step_length[k]))],
  // What the loss would do if the surface went on as steep as it is here, and what it does.
  ["predicted change", (t, k) => signed(k === t.steps ? NaN : stepOf(t, k).predicted)],
  ["actual change", (t, k) => signed(k === t.steps ? NaN : stepOf(t, k).actual)],
];

const SLICE = "Descent on the slice: two free numbers, every other parameter held fast";

/** What the paths are, where that is not what a reader would think: on a net's slice, or from the server. */
export function whatView(element, catalogue) {
  return {
    sync({ scene }) {
      const net = onServer(scene);
      const reason = noKernel(scene);
      element.hidden = !reason;
      const hidden = scene.path === "projection" ? "; not drawn while the run’s projection is" : "";
      write(element, net ? SLICE + hidden : `Descents come from the server. ${reason}`);
    },
  };
}

function signed(value) {
  if (Number.isNaN(value)) return "–";
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** Set text only where it changed: untouched text costs no layout. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function verdictsView(element, live, catalogue) {
  const rows = {};
  for (const run of ["without", "with"]) {
    const lead = make("strong", {}, RUN_NAMES[run]);
    const sentence = make("span", { className: "sentence" });
    const outcome = make("span", { className: "outcome" });
    rows[run] = {
      sentence,
      outcome,
      row: make("p", { className: `verdict ${run}` }, make("i", { className: "swatch" }), lead, outcome, sentence),
    };
    element.append(rows[run].row);
  }
  let speaking = 0;
  return {
    sync(runs) {
      const shown = new Map(runs.map((item) => [item.run, item]));
      for (const run of ["without", "with"]) {
        const item = shown.get(run);
        rows[run].row.hidden = !item;
        if (!item) continue;
        write(rows[run].outcome, catalogue.outcome_labels[item.summary.outcome]);
        rows[run].outcome.title = catalogue.outcome_meanings[item.summary.outcome];
        write(rows[run].sentence, verdict(catalogue.sentences, item.summary, run).join("; "));
      }
      // Screen readers hear the verdict once the hand has come to rest.
      clearTimeout(speaking);
      speaking = setTimeout(() => write(live, element.innerText), 700);
    },
  };
}

export function readoutView(table) {
  const body = table.querySelector("tbody");
  const cells = {};
  for (const run of ["without", "with"]) {
    cells[run] = COLUMNS.map(() => make("td"));
    body.append(
      make(
        "tr",
        { className: run },
        make("th", { scope: "row" }, make("i", { className: "swatch" }), RUN_NAMES[run]),
        ...cells[run],
      ),
    );
  }
  return {
    sync(runs, step) {
      const shown = new Map(runs.map((item) => [item.run, item]));
      for (const run of ["without", "with"]) {
        cells[run][0].parentElement.hidden = !shown.has(run);
        const item = shown.get(run);
        if (item)
          COLUMNS.forEach(([, text], c) =>
            write(cells[run][c], text(item.trajectory, Math.min(Math.floor(step), item.trajectory.steps))),
          );
      }
    },
  };
}
