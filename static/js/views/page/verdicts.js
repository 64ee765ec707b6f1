// Verdicts: what happened to each run in detail, in small type below the curves.

import { catalogue } from "../../state/scene/catalogue.js";
import { verdict } from "../../state/verdict.js";
import { make, setText } from "../elements/dom.js";
import { explain, infoButton } from "../elements/info.js";

function verdictRow(run) {
  const sentence = make("span", { className: "sentence" });
  const outcome = make("span", { className: "outcome" });
  const [swatch, name] = [make("i", { className: "swatch" }), make("strong", {}, catalogue.run_labels[run])];
  const info = infoButton("", "");
  const ending = make("span", { className: "ending" }, outcome, " ", info);
  return { row: make("p", { className: `verdict ${run}` }, swatch, name, ending, sentence), outcome, info, sentence };
}

export function verdictsView(element) {
  const rows = { without: verdictRow("without"), with: verdictRow("with") };
  element.append(rows.without.row, rows.with.row);

  function show({ row, outcome, info, sentence }, run, item) {
    row.hidden = !item;
    if (!item) return;
    const { outcome: name } = item.summary;
    if (outcome.textContent !== catalogue.outcome_labels[name]) {
      outcome.textContent = catalogue.outcome_labels[name];
      explain(info, `the outcome ${run} clipping`, catalogue.outcome_meanings[name]);
    }
    setText(sentence, verdict(item.summary).join("; "));
  }

  return {
    /** `busy`: the sentences are about the first steps, while the rest is computed. */
    sync(runs, busy) {
      element.setAttribute("aria-busy", String(busy));
      const itemOf = (run) => runs.find((item) => item.run === run);
      for (const run of ["without", "with"]) show(rows[run], run, itemOf(run));
    },
  };
}
