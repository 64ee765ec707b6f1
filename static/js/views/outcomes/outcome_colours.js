// Outcome colours: the cells of one run as an image with one pixel per cell, and the scale of its colours.

import { columnOf } from "../../state/runs/outcomes.js";
import { cssColour, lookup, themeName } from "../canvas/colour.js";
import { OPAQUE, colourAt, heatImage } from "../canvas/heat_image.js";
import { sharesOf } from "../canvas/value_scale.js";

const RUNS = ["without", "with"];

/** The colour of an outcome by its name. */
export function outcomeColour(name) {
  // The id "not_converged" has an underscore, and names in style sheets have hyphens.
  return cssColour(`--outcome-${name.replace("_", "-")}`);
}

/** A colour such as "#3366cc" as a pixel of image data. */
function pixelOf(colour) {
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  return OPAQUE | (b << 16) | (g << 8) | r;
}

/** The cells in which the two runs have different outcomes. */
export function differenceMask(frame) {
  const [without, clipped] = RUNS.map((run) => columnOf(frame, run, "outcome"));
  return heatImage(frame, (k) => (without[k] === clipped[k] ? 0 : OPAQUE));
}

/** The cells whose outcome depends on the last bit of their start; null if they have not been tested. */
export function uncertainMask(frame, run) {
  const uncertain = frame.uncertain[run] ? columnOf(frame, run, "uncertain") : null;
  return uncertain && heatImage(frame, (k) => (uncertain[k] ? OPAQUE : 0));
}

function outcomeCells(frame, run, ids) {
  const pixels = ids.map((name) => pixelOf(outcomeColour(name)));
  const outcomes = columnOf(frame, run, "outcome");
  return { image: heatImage(frame, (k) => pixels[outcomes[k]]), scale: null };
}

/** A quantity of both runs in one array: the two pictures share a scale, so that they can be compared. */
function jointValues(frame, quantity) {
  const columns = RUNS.map((run) => columnOf(frame, run, quantity));
  const joint = new Float64Array(2 * columns[0].length);
  columns.forEach((column, k) => joint.set(column, k * column.length));
  return joint;
}

function quantityCells(frame, run, quantity) {
  const joint = jointValues(frame, quantity);
  const share = quantity === "converged";
  // A share always has the same scale, so that maps can be compared.
  const scale = share ? { shares: joint, low: 0, high: 1 } : sharesOf(joint, "log");
  const first = run === "without" ? 0 : joint.length / 2;
  const colours = lookup(themeName());
  const image = heatImage(frame, (k) => colourAt(colours, scale.shares[first + k]));
  return { image, scale: { ...scale, colours, share } };
}

/** The image of one run's cells, and the scale of its colours, null for outcomes. */
export function colouredCells(frame, run, quantity, ids) {
  return quantity === "outcome" ? outcomeCells(frame, run, ids) : quantityCells(frame, run, quantity);
}
