// Map time: how long the maps that the page computes will take, from the levels so far.

import { catalogue } from "../scene/catalogue.js";
import { freshCells } from "./sweep.js";
import { countTests } from "./uncertain_cells.js";

const RUNS = ["with", "without"];
// A finer map has at most four times as many runs to compute, unless a level is left out.
const MOST_GROWTH = 20;

/** How many runs a level of a task has, or the tests of its cells if their outcomes are known. */
export function countRuns(task, side) {
  if (task.known) return countTests(task.known, side);
  return RUNS.reduce((sum, run) => sum + freshCells(task, run, side, [0, 1]).length, 0);
}

/** The seconds of a work as a field, if they are worth saying. */
function secondsField(seconds) {
  return seconds > catalogue.rules.say_seconds ? { seconds: Math.round(seconds) } : null;
}

/** Of a level of which so many runs took so many seconds: the share that is done, and how long all of it takes if long. */
export function levelProgress(task, side, runs, seconds) {
  const share = Math.min(1, runs / Math.max(1, countRuns(task, side)));
  return { columns: side, share, ...(share && secondsField(seconds / share)) };
}

/**
 * What follows a level that took so many seconds, if it takes long: the next finer one, or, without `columns`, the tests
 * of its cells.
 */
export function nextMap(task, side, seconds, testing) {
  if (seconds * MOST_GROWTH <= catalogue.rules.say_seconds) return {};
  const columns = task.sides[task.sides.indexOf(side) + 1];
  const following = columns ? countRuns(task, columns) : countRuns(testing, side);
  const field = secondsField((seconds * following) / Math.max(1, countRuns(task, side)));
  return field ? { next: { ...(columns && { columns }), ...field } } : {};
}
