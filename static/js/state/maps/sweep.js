// Sweep: the cells of an outcome map, computed by the kernels of a sweep. A map with 2^k + 1 cells per side
// contains the cells of the coarser one, which are not computed again.

import { surfaceOf } from "../scene/lookup.js";
import { argumentsOf } from "../runs/trajectories.js";

const START = ["start.x", "start.y"];
const RUNS = ["with", "without"];

/**
 * The loss below which the runs of a sweep have converged; null if it is unknown, as for a formula whose own numbers the
 * sweep varies.
 */
export function sweepSolved(scene, axes) {
  const varies = scene.landscape.text !== undefined && axes.some(({ name }) => name.startsWith("landscape."));
  return varies ? null : surfaceOf(scene).solved;
}

/** What the cells of a Scene's map are computed from: plain data, for a worker. */
export function sweepTask(scene, axes, start, sides) {
  return { scene, axes, start, steps: scene.steps, sides, solved: sweepSolved(scene, axes) ?? -Infinity };
}

/** The nearest whole number, of two the even one, as PyTorch rounds. */
function roundHalfEven(value) {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** `count` values of an axis with even spacing. */
function linearValues({ low, high }, count) {
  const step = (high - low) / Math.max(1, count - 1);
  const value = (k) => (k < Math.floor(count / 2) ? low + step * k : high - step * (count - 1 - k));
  return Float64Array.from({ length: count }, (_, k) => value(k));
}

/** `count` values of a log axis, by bisection; `count` is a power of 2, plus 1. */
function logValues({ low, high }, count) {
  const values = new Float64Array(count);
  [values[0], values[count - 1]] = [low, high];
  for (let step = count - 1; step > 1; step /= 2) {
    for (let k = step / 2; k < count; k += step) values[k] = Math.sqrt(values[k - step / 2] * values[k + step / 2]);
  }
  return values;
}

/** `count` values of an axis with both ends, equal to those of landscapes/descent/axis.py to the last bit. */
export function axisValues(axis, count) {
  const values = axis.log ? logValues(axis, count) : linearValues(axis, count);
  return axis.whole ? values.map(roundHalfEven) : values;
}

/** For each axis, whether a run does not depend on it: without clipping, the clip's parameters change nothing. */
function idleAxes({ axes }, run) {
  return axes.map(({ name }) => run === "without" && name.startsWith("clip."));
}

/** How many different runs the cells show: those that differ only in an idle axis share theirs. */
export function runCount(task, run, side) {
  return idleAxes(task, run).reduce((count, idle) => (idle ? count : count * side), 1);
}

/** Whether the map with `side` cells contains the cells of the map before it. */
function isNested({ sides }, side) {
  return sides[sides.indexOf(side) - 1] === (side + 1) / 2;
}

/** Of a cell of one run: the cell that has the same run, and whether the coarser map has it. */
function sourceOfCell(task, run, side) {
  const [across, upward] = idleAxes(task, run);
  const nested = isNested(task, side);
  return (cell) => {
    const [column, row] = [across ? 0 : cell % side, upward ? 0 : Math.floor(cell / side)];
    return { column, row, known: nested && column % 2 === 0 && row % 2 === 0 };
  };
}

/** The cells of one run that must be computed at a level. Worker `first` of `count` computes its share of them. */
export function freshCells(task, run, side, [first, count]) {
  const source = sourceOfCell(task, run, side);
  const fresh = [];
  for (let cell = 0; cell < side * side; cell++) {
    const { column, row, known } = source(cell);
    if (!known && row * side + column === cell) fresh.push(cell);
  }
  // Every worker gets cells from everywhere, so that all finish together.
  return fresh.filter((_, k) => k % count === first);
}

/** The start of a cell's run, and its parameters in the kernel's order. */
export function inputsOfCell(task, run, side, names) {
  const { scene, axes, start, solved } = task;
  const values = axes.map((axis) => axisValues(axis, side));
  const common = argumentsOf(scene, names, run, solved);
  const [places, numbers] = [START, names].map((list) => axes.map(({ name }) => list.indexOf(name)));
  return (cell) => {
    const inputs = { start: [...start], parameters: [...common] };
    [cell % side, Math.floor(cell / side)].forEach((at, k) => {
      if (places[k] >= 0) inputs.start[places[k]] = values[k][at];
      if (numbers[k] >= 0) inputs.parameters[numbers[k]] = values[k][at];
    });
    return inputs;
  };
}

/** Runs with these inputs, a few at a time, as columns; yields how many more are done. */
export function* runInputs(kernel, inputs, steps) {
  const columns = kernel.columns.map(() => new Float64Array(inputs.length));
  for (let first = 0; first < inputs.length; first += kernel.together) {
    const group = inputs.slice(first, first + kernel.together);
    const count = group.length;
    // The kernel always computes equally many runs.
    while (group.length < kernel.together) group.push(group[0]);
    const [parameters, starts] = [group.map((one) => one.parameters), group.map((one) => one.start)];
    const results = kernel.run(parameters, starts, steps);
    for (let k = 0; k < count * columns.length; k++)
      columns[k % columns.length][first + Math.floor(k / columns.length)] = Number(results[k]);
    yield count;
  }
  return Object.fromEntries(kernel.columns.map((name, k) => [name, columns[k]]));
}

/** Compute a share of one run's cells at a level; returns the cells with their columns. */
export function* computeCells(kernel, task, run, side, share) {
  const cells = freshCells(task, run, side, share);
  const inputs = cells.map(inputsOfCell(task, run, side, kernel.parameters));
  return { cells, ...(yield* runInputs(kernel, inputs, task.steps)) };
}

/** Compute a share of both runs' cells at a level. */
export function* computeShare(kernels, task, side, share) {
  const found = {};
  for (const run of RUNS) found[run] = yield* computeCells(kernels[run], task, run, side, share);
  return found;
}

/** One run's columns over the whole map, from the shares of all workers and the coarser map. */
function mergeColumns(task, run, side, shares, coarse) {
  const source = sourceOfCell(task, run, side);
  const names = Object.keys(shares[0][run]).filter((name) => name !== "cells");
  const whole = Object.fromEntries(names.map((name) => [name, new Float64Array(side * side)]));
  for (const { [run]: share } of shares)
    names.forEach((name) => share.cells.forEach((cell, k) => (whole[name][cell] = share[name][k])));
  // The cell with the same run comes first, so it is filled already.
  for (let cell = 0; cell < side * side; cell++) {
    const { column, row, known } = source(cell);
    const [from, at] = known ? [coarse[run], (row * (side + 1)) / 4 + column / 2] : [whole, row * side + column];
    for (const name of names) whole[name][cell] = from[name][at];
  }
  return whole;
}

/** Both runs' columns over the whole map. */
export function mergeShares(task, side, shares, coarse) {
  return Object.fromEntries(RUNS.map((run) => [run, mergeColumns(task, run, side, shares, coarse)]));
}
