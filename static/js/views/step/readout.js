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

/** The row whose step the table shows. No step is taken from the last row, so that is the step before it. */
function takenFrom({ steps }, k) {
  return k === steps && steps > 0 ? steps - 1 : k;
}

/** Which step the table shows, if the current row takes none. */
function stepWords(runs, step) {
  const { steps } = runs[0].trajectory;
  const k = Math.floor(step);
  // Steps are counted from 0, which a reader of a headline cannot know.
  if (k < steps || !steps) return `Length and changes are those of step ${k}, from position ${k} to ${k + 1}.`;
  return `No step follows. Length and changes are those of the last step, from ${steps - 1} to ${steps}.`;
}

export function readoutView(table, words) {
  const rows = ["without", "with"].map(readoutRow);
  table.querySelector("tbody").append(...rows.map(({ row }) => row));
  return {
    sync(runs, step, curve) {
      setText(words, stepWords(runs, step));
      for (const { run, cells, row } of rows) {
        const trajectory = runs.find((item) => item.run === run)?.trajectory;
        row.hidden = !trajectory;
        if (!trajectory) continue;
        // Between two steps, and beyond the end of a shorter run, the table shows the last row that was reached.
        const k = Math.min(Math.floor(step), trajectory.steps);
        const taken = takenFrom(trajectory, k);
        COLUMNS.forEach((column, c) => setText(cells[c], column(trajectory, k, taken, curve)));
      }
    },
  };
}
