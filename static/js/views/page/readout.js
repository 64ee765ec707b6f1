// Readout: a table with the numbers of both runs at the current step.

import { catalogue } from "../../state/scene/catalogue.js";
import { stepOf } from "../../state/runs/step.js";
import { formatNumber, formatShare } from "../../state/numbers.js";
import { make, setText } from "../elements/dom.js";

const NONE = "–";

function percent(share) {
  return Number.isNaN(share) ? NONE : formatShare(share, 3);
}

function formatSigned(value) {
  if (Number.isNaN(value)) return NONE;
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/**
 * The columns in the order of the table's head. No step is taken from the last row, so it has no length and no changes.
 * The predicted change assumes that the slope stays the same along the step.
 * @type {((trajectory: any, k: number) => string)[]}
 */
const COLUMNS = [
  (t, k) => `${formatNumber(t.x[k])}, ${formatNumber(t.y[k])}`,
  (t, k) => formatNumber(t.loss[k]),
  (t, k) => formatNumber(t.gradient_norm[k]),
  (t, k) => percent(t.clip_factor[k]),
  (t, k) => (k === t.steps ? NONE : formatNumber(t.step_length[k])),
  (t, k) => formatSigned(k === t.steps ? NaN : stepOf(t, k).predicted),
  (t, k) => formatSigned(k === t.steps ? NaN : stepOf(t, k).actual),
];

function readoutRow(run) {
  const cells = COLUMNS.map(() => make("td"));
  const head = make("th", { scope: "row" }, make("i", { className: "swatch" }), catalogue.run_labels[run]);
  return { run, cells, row: make("tr", { className: run }, head, ...cells) };
}

export function readoutView(table) {
  const rows = ["without", "with"].map(readoutRow);
  table.querySelector("tbody").append(...rows.map(({ row }) => row));
  return {
    sync(runs, step) {
      for (const { run, cells, row } of rows) {
        const trajectory = runs.find((item) => item.run === run)?.trajectory;
        row.hidden = !trajectory;
        if (!trajectory) continue;
        // Between two steps, and beyond the end of a shorter run, the table shows the last row that was reached.
        const k = Math.min(Math.floor(step), trajectory.steps);
        COLUMNS.forEach((column, c) => setText(cells[c], column(trajectory, k)));
      }
    },
  };
}
