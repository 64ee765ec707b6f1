// Readout: a table with the numbers of both runs at the current step.

import { catalogue } from "../../state/scene/catalogue.js";
import { stepOf } from "../../state/runs/step.js";
import { formatNumber, formatShare } from "../../state/numbers.js";
import { make, setText } from "../elements/dom.js";

const NONE = "–"; // no step has been taken

function percent(share) {
  return Number.isNaN(share) ? NONE : formatShare(share, 3);
}

function formatSigned(value) {
  if (Number.isNaN(value)) return NONE;
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/**
 * The columns in the order of the table's head. `k` is the current row and `taken` the row from which the step is taken.
 * The predicted change assumes that the slope stays the same along the step.
 * On a `curve` the position is one number.
 * @type {((trajectory: any, k: number, taken: number, curve: boolean) => string)[]}
 */
const COLUMNS = [
  (t, k, taken, curve) => (curve ? [t.x] : [t.x, t.y]).map((column) => formatNumber(column[k])).join(", "),
  (t, k) => formatNumber(t.loss[k]),
  (t, k) => formatNumber(t.gradient_norm[k]),
  (t, k, taken) => percent(t.clip_factor[taken]),
  (t, k, taken) => (taken === t.steps ? NONE : formatNumber(t.step_length[taken])),
  (t, k, taken) => formatSigned(taken === t.steps ? NaN : stepOf(t, taken).predicted),
  (t, k, taken) => formatSigned(taken === t.steps ? NaN : stepOf(t, taken).actual),
];

function readoutRow(run) {
  const cells = COLUMNS.map(() => make("td"));
  const head = make("th", { scope: "row" }, make("i", { className: "swatch" }), catalogue.run_labels[run]);
  return { run, cells, row: make("tr", { className: run }, head, ...cells) };
}

/**
 * The row whose step the table shows: the current one, or the last one from which a step was taken. There is none after
 * Inf or NaN, and none from the last row.
 */
function takenFrom({ trajectory: { steps }, summary: { nonfinite_step: lost } }, k) {
  const last = lost > 0 ? lost - 1 : Math.max(steps - 1, 0);
  return Math.min(k, last);
}

/** Which steps the table shows: the one of the current row `k`, or others if it takes none. `taken` are those of all runs. */
function stepWords(k, taken, steps) {
  const [first] = taken;
  // Steps are counted from 0, which a reader of a headline cannot know.
  if (first === k && taken.every((row) => row === k))
    return `Length and changes are those of step ${k}, from position ${k} to ${k + 1}.`;
  const none = k === steps ? "No step follows. " : "";
  const spans = [...new Set(taken)].map((row) => `from ${row} to ${row + 1}`);
  const noun = spans.length > 1 ? "steps" : k === steps ? "last step," : "step";
  return `${none}Length and changes are those of the ${noun} ${spans.join(" and ")}.`;
}

export function readoutView(table, words) {
  const rows = ["without", "with"].map(readoutRow);
  table.querySelector("tbody").append(...rows.map(({ row }) => row));
  return {
    sync(runs, step, curve) {
      const steps = [];
      // Between two steps, and beyond the end of a shorter run, the table shows the last row that was reached.
      const rowOf = ({ trajectory }) => Math.min(Math.floor(step), trajectory.steps);
      for (const { run, cells, row } of rows) {
        const shown = runs.find((item) => item.run === run);
        row.hidden = !shown;
        if (!shown) continue;
        const [k, taken] = [rowOf(shown), takenFrom(shown, rowOf(shown))];
        steps.push(taken);
        COLUMNS.forEach((column, c) => setText(cells[c], column(shown.trajectory, k, taken, curve)));
      }
      setText(words, stepWords(rowOf(runs[0]), steps, runs[0].trajectory.steps));
    },
  };
}
