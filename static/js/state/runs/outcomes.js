// Outcomes: a sweep's frame in words and cells.

import { catalogue } from "../scene/catalogue.js";
import { along, durationText, formatNumber, formatShare } from "../numbers.js";
import { intervalText } from "./share_interval.js";

/** The quantities that a sweep has for every cell, with the frame's name and the page's label. */
export const QUANTITIES = [
  ["outcome", "Outcome"],
  ["loss", "Final loss"],
  ["converged_at", "Steps to converge"],
  ["longest_step", "Longest step"],
  // With one start per cell this is 0 or 1, with a cloud of starts a share.
  ["converged", "Share converged"],
];
const SPACING = 2 ** -52;

/** One run's numbers, cell by cell. */
export function columnOf(frame, run, name) {
  return frame[`${name}_${run}`];
}

/** The cell nearest to a place in shares of both axes: its index, and the values with which it was computed. */
export function cellAt(frame, across, upward) {
  const { columns, rows, axes } = frame;
  const nearest = (share, count) => Math.min(Math.max(Math.round(share * (count - 1)), 0), count - 1);
  const [column, row] = [nearest(across, columns), nearest(upward, rows)];
  return { index: row * columns + column, values: [axes[0].values[column], axes[1].values[row]] };
}

/** The outcome of one cell's run, in words. */
export function cellWords(frame, run, index) {
  const at = (name) => columnOf(frame, run, name)[index];
  const uncertain = frame.uncertain[run] && at("uncertain") ? " (uncertain)" : "";
  const parts = [catalogue.outcome_labels[catalogue.outcomes[at("outcome")]] + uncertain];
  if (frame.cloud > 1) {
    const interval = intervalText(at("converged"), frame.cloud);
    parts.push(`${percent(at("converged"))} of ${frame.cloud} starts converge (${interval})`);
  }
  if (!Number.isNaN(at("converged_at"))) parts.push(`after ${Math.round(at("converged_at"))} steps`);
  if (!Number.isNaN(at("loss"))) parts.push(`loss ${formatNumber(at("loss"))}`);
  parts.push(`longest step ${formatNumber(at("longest_step"))}`);
  return `${catalogue.run_labels[run].toLowerCase()} ${parts.join(", ")}`;
}

/**
 * The runs on the page whose outcome is not that of the cell in which they begin; empty if the Scene's values are not
 * exactly those of a cell. Near a cliff the last bit decides, so the server and the browser may disagree.
 */
export function disagreement(frame, values, runs) {
  const { index, values: own } = cellAt(frame, ...values.map((value, k) => along(frame.axes[k]).share(value)));
  if (frame.cloud > 1 || own.some((value, k) => value !== values[k])) return "";
  const named = ({ run, summary: { outcome } }) => {
    const cell = catalogue.outcomes[columnOf(frame, run, "outcome")[index]];
    const [here, there] = [outcome, cell].map((name) => catalogue.outcome_labels[name]);
    return here === there ? "" : `${catalogue.run_labels[run].toLowerCase()} ${here} instead of ${there}`;
  };
  const parts = runs.map(named).filter(Boolean);
  if (!parts.length) return "";
  return `This cell is uncertain: the run that is played ends ${parts.join(" and ")}. A change in the last bit decides.`;
}

/** Whole percents; 0 and 100 only where they are exact. There is no line break before the sign. */
export function percent(part) {
  if (part > 0 && part < 0.01) return "less than 1\u00a0%";
  if (part < 1 && part > 0.99) return "more than 99\u00a0%";
  return `${Math.round(100 * part)}\u00a0%`;
}

/** Which share of the runs without or with clipping is thrown or diverges; empty if none is. */
function losses({ thrown, outcomes }, names) {
  const lost = outcomes[names.indexOf("diverged")];
  const parts = [];
  if (thrown > 0) parts.push(`${percent(thrown)} are thrown at some step`);
  if (lost > 0) parts.push(`${percent(lost)} diverge`);
  return parts.join(" and ");
}

/** The whole sweep in a sentence, for the runs that are shown, with clipping first. */
export function sweepWords(frame, names, runs, solved) {
  const subject = frame.kind === "outcomes" ? "the starts in this window" : "the runs on this map";
  const clauses = [...runs].reverse().map((run, k) => {
    const lead = k ? catalogue.run_labels[run].split(" ")[0].toLowerCase() : catalogue.run_labels[run];
    const sum = frame.shares[run];
    const lost = losses(sum, names) || (solved ? "" : "none are thrown");
    if (!solved) return k ? `${lead}, ${lost}` : `${lead}, of ${subject} ${lost}`;
    const share = percent(sum.converged);
    const converge = k ? `${share} do` : `${share} of ${subject} converge within ${frame.steps} steps`;
    return `${lead}${k ? "," : ""} ${converge}${lost && ` and ${lost}`}`;
  });
  return `${clauses.join("; ")}.`;
}

/** How many runs the shares of a sweep count, and the intervals of the shares: one line per run that is shown. */
export function sweepIntervals(frame, names, runs, solved) {
  return [...runs].reverse().map((run) => {
    const { runs: count, converged, thrown, outcomes } = frame.shares[run];
    const lost = outcomes[names.indexOf("diverged")];
    const named = [...(solved ? [["converge", converged]] : []), ["thrown at some step", thrown], ["diverge", lost]];
    const parts = named.map(([name, share]) => `${name} ${formatShare(share, 3)} (${intervalText(share, count, 3)})`);
    return `${catalogue.run_labels[run]}, ${count.toLocaleString("en")} runs: ${parts.join("; ")}`;
  });
}

/** Why a picture does not get finer; empty while it still does, and at the finest grid. */
export function limitWords(frame) {
  if (beyondNumbers(frame)) return "This is the limit of float64: neighbouring cells have the same values.";
  if (frame.columns < frame.finest || frame.finest >= catalogue.rules.finest_map) return "";
  const cloud = frame.cloud > 1 ? ` and ${frame.cloud} starts per cell` : "";
  return `With ${frame.steps} steps${cloud}, a finer map would take too long.`;
}

/** How long the next finer picture takes, or the tests of its cells, if that is long. */
export function nextWords({ next }) {
  if (!next) return "";
  const { columns, seconds } = next;
  if (!columns) return `Which cells are uncertain follows in ${durationText(seconds)}.`;
  return `A finer map with ${columns} by ${columns} cells follows in ${durationText(seconds)}.`;
}

/** Whether neighbouring columns or rows of a sweep are the same numbers. */
export function beyondNumbers({ axes, columns, rows }) {
  const counts = [columns, rows];
  return axes.some(
    ({ low, high, log }, k) =>
      !log && (high - low) / (counts[k] - 1) < SPACING * Math.max(Math.abs(low), Math.abs(high)),
  );
}
