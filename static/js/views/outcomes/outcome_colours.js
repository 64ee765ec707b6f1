// Outcome colours: one run's cells as an image of one pixel each, and the meaning of its colours.

import { columnOf } from "../../state/runs/outcomes.js";
import { cssColour, drawnArray, lookup, themeName } from "../canvas/colour.js";

const RUNS = ["without", "with"];
const OPAQUE = 255 << 24;

/** The colour of an outcome by its name. */
export function outcomeColour(name) {
  return cssColour(`--outcome-${name.replace("_", "-")}`);
}

/** A colour such as "#3366cc" as a pixel of image data. */
function pixelOf(colour) {
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  return OPAQUE | (b << 16) | (g << 8) | r;
}

/** Cells as an image, the first row at the bottom; cells without a colour stay transparent. */
function cellImage({ columns, rows }, pixelAt) {
  const data = new ImageData(columns, rows);
  const pixels = new Uint32Array(data.data.buffer);
  for (let row = 0; row < rows; row++) {
    const target = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) pixels[target + column] = pixelAt(row * columns + column);
  }
  const image = new OffscreenCanvas(columns, rows);
  image.getContext("2d").putImageData(data, 0, 0);
  return image;
}

/** The cells in which the two runs have different outcomes. */
export function differenceMask(frame) {
  const [without, clipped] = RUNS.map((run) => columnOf(frame, run, "outcome"));
  return cellImage(frame, (k) => (without[k] === clipped[k] ? 0 : OPAQUE));
}

function outcomeCells(frame, run, ids) {
  const pixels = ids.map((name) => pixelOf(outcomeColour(name)));
  const outcomes = columnOf(frame, run, "outcome");
  return { image: cellImage(frame, (k) => pixels[outcomes[k]]), scale: null };
}

/** A quantity of both runs in one array: the two pictures share a scale, so that they can be compared. */
function jointValues(frame, quantity) {
  const columns = RUNS.map((run) => columnOf(frame, run, quantity));
  const joint = new Float32Array(2 * columns[0].length);
  columns.forEach((column, k) => joint.set(column, k * column.length));
  return joint;
}

function quantityCells(frame, run, quantity) {
  const joint = jointValues(frame, quantity);
  const share = quantity === "converged";
  const { values, low, high } = share ? { values: joint, low: 0, high: 1 } : drawnArray(joint, "log");
  const first = run === "without" ? 0 : joint.length / 2;
  const colours = lookup(themeName());
  const pixelAt = (k) => {
    const part = (values[first + k] - low) / (high - low);
    return Number.isNaN(part) ? 0 : colours[Math.min(255, Math.max(0, Math.round(part * 255)))];
  };
  return { image: cellImage(frame, pixelAt), scale: { low, high, colours, share } };
}

/** The image of one run's cells, and the scale of its colours, null for outcomes. */
export function colouredCells(frame, run, quantity, ids) {
  return quantity === "outcome" ? outcomeCells(frame, run, ids) : quantityCells(frame, run, quantity);
}
