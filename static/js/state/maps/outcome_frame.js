// Outcome frame: an outcome map that the page has computed, with the fields and arrays of the server's frames.

import { catalogue } from "../scene/catalogue.js";
import { sidesOf } from "../scene/map_levels.js";
import { axisValues, runCount } from "./sweep.js";

function mean(column) {
  return column.reduce((sum, value) => sum + value, 0) / column.length;
}

/** The share of cells with each outcome, and of runs that converge and that were ever thrown. */
function sharesOf({ outcome, thrown }) {
  const counts = catalogue.outcomes.map(() => 0);
  for (const code of outcome) counts[code] += 1;
  const outcomes = counts.map((count) => count / outcome.length);
  return { outcomes, converged: outcomes[catalogue.outcomes.indexOf("converged")], thrown: mean(thrown) };
}

/** Numbers stay in float64: the server's are in float32 only because they travel. */
function arraysOf(found) {
  const arrays = Object.entries(found).flatMap(([run, columns]) =>
    Object.entries(columns).map(([name, column]) => [
      `${name}_${run}`,
      name === "outcome" ? Uint8Array.from(column) : column,
    ]),
  );
  return Object.fromEntries(arrays);
}

/** An axis with the values of all cells. */
function axisFields({ name, low, high, log, whole }, side) {
  return { name, low, high, log, values: Array.from(axisValues({ low, high, log, whole }, side)) };
}

/** The frame of a task's map with `side` cells per side, from the columns of both runs. */
export function outcomeFrame(task, side, found) {
  const { scene, axes, start, steps } = task;
  const shares = (run) => ({ ...sharesOf(found[run]), runs: runCount(task, run, side) });
  const differ = found.with.outcome.map((code, k) => Number(code !== found.without.outcome[k]));
  return {
    kind: scene.map,
    columns: side,
    rows: side,
    finest: sidesOf(scene).at(-1),
    axes: axes.map((axis) => axisFields(axis, side)),
    steps,
    start,
    cloud: scene.cloud,
    shares: { without: shares("without"), with: shares("with") },
    differ: mean(differ),
    uncertain: {},
    ...arraysOf(found),
    // The page has no key for it: the server has not computed it.
    partial: true,
  };
}

/** The frame with the cells whose outcome depends on the last bit of their start. */
export function withUncertain(frame, cells) {
  const { without, with: clipped } = cells;
  const uncertain = { without: mean(without), with: mean(clipped) };
  return { ...frame, uncertain, uncertain_without: without, uncertain_with: clipped };
}
