// Verdicts: what happened to each run in detail, in small type below the curves.

import { catalogue } from "../../state/scene/catalogue.js";
import { verdict } from "../../state/verdict.js";
import { make, setText } from "../elements/dom.js";

function verdictRow(run) {
  const sentence = make("span", { className: "sentence" });
  const outcome = make("span", { className: "outcome" });
  const [swatch, name] = [make("i", { className: "swatch" }), make("strong", {}, catalogue.run_labels[run])];
  return { row: make("p", { className: `verdict ${run}` }, swatch, name, outcome, sentence), outcome, sentence };
}

export function verdictsView(element) {
  const rows = { without: verdictRow("without"), with: verdictRow("with") };
  element.append(rows.without.row, rows.with.row);

  function show({ row, outcome, sentence }, run, item) {
    row.hidden = !item;
    if (!item) return;
    setText(outcome, catalogue.outcome_labels[item.summary.outcome]);
    outcome.title = catalogue.outcome_meanings[item.summary.outcome];
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
