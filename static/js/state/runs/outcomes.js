// Outcomes: a sweep's frame in words and cells.

import { along, formatNumber } from "../numbers.js";
import { entryOf, onServer, signatureOf, sliceSignature, startOf, surfaceOf, windowOf } from "../scene/scene.js";
import { RUN_NAMES } from "../verdict.js";

/** What a sweep can show of every cell, as its frame names it. */
export const QUANTITIES = [
  ["outcome", "Outcome"],
  ["loss", "Final loss"],
  ["converged_at", "Steps to converge"],
  ["longest_step", "Largest move"],
  // Of every start alone it is none or all; of a cloud of them a share.
  ["converged", "Share converged"],
];
const FAVOURITES = ["optimizer.learning_rate", "clip.threshold"];
const SPACING = 2 ** -52;
const FINEST = 513; // cells a side, where the work allows it

/** What a sweep depends on: not on the values of what varies, so that a run picked on the map is on the same map. */
export function sweepSignature(catalogue, scene) {
  const varied = scene.map === "sweep" ? axesOf(catalogue, scene) : ["start.x", "start.y"];
  const plain = varied.reduce((one, name) => withValue(catalogue, one, name, null), scene);
  const run = signatureOf(plain, ["landscape", "optimizer", "schedule", "clip", "steps", "cloud", "cloud_seed"]);
  const axes = scene.map === "sweep" ? signatureOf(scene, ["sweep", "sweep_ranges", "sweep_scales"]) : "";
  const start = startOf(catalogue, plain);
  const net = onServer(catalogue, scene) ? sliceSignature(scene) : "";
  return JSON.stringify([scene.map, run, axes, start, windowOf(catalogue, scene), net]);
}

/** One run's numbers, cell by cell. */
export function columnOf(frame, run, name) {
  return frame[`${name}_${run}`];
}

/** The parameter that an axis names, as the catalogue declares it; null for the start's coordinates. */
function parameterOf(catalogue, scene, name) {
  const [family, parameter] = name.split(".");
  if (family === "start") return null;
  return entryOf(catalogue, family, scene[family].kind).parameters.find((one) => one.name === parameter) ?? null;
}

/** What an axis is called on the page; a net's start by what its slice is laid along. */
export function axisLabel(catalogue, scene, name, slice = null) {
  const found = parameterOf(catalogue, scene, name);
  if (found) return found.label;
  const plane = (onServer(catalogue, scene) && slice) || surfaceOf(catalogue, scene);
  return plane.axes[name === "start.x" ? 0 : 1];
}

/** All that may be an axis: the numeric parameters of what is chosen, and the start. */
export function quantities(catalogue, scene) {
  const found = ["optimizer", "clip", "schedule", "landscape"].flatMap((family) => {
    const { parameters } = entryOf(catalogue, family, scene[family].kind);
    const numbers = parameters.filter(({ structural, type }) => !structural && type !== "str");
    return numbers.map(({ name }) => `${family}.${name}`);
  });
  return [...found, "start.x", "start.y"];
}

/** Names of a sweep's axes: the chosen ones, or else learning rate and threshold where there are both. */
function axesOf(catalogue, scene) {
  if (scene.sweep) return scene.sweep;
  const known = quantities(catalogue, scene);
  const first = FAVOURITES.filter((name) => known.includes(name));
  return [...first, ...known.filter((name) => !first.includes(name))].slice(0, 2);
}

/** The Scene with another value of what an axis names. */
function withValue(catalogue, scene, name, value) {
  const [family, parameter] = name.split(".");
  if (family !== "start") return { ...scene, [family]: { ...scene[family], [parameter]: value } };
  const start = [...startOf(catalogue, scene)];
  start[parameter === "x" ? 0 : 1] = value;
  return { ...scene, start };
}

/** The Scene's own value on an axis. */
export function valueOf(catalogue, scene, name) {
  const [family, parameter] = name.split(".");
  if (family === "start") return startOf(catalogue, scene)[parameter === "x" ? 0 : 1];
  return scene[family][parameter];
}

/** The Scene with other values on a sweep's axes. */
export function moved(catalogue, scene, axes, values) {
  return axes.reduce((next, { name }, k) => {
    const whole = parameterOf(catalogue, scene, name)?.type === "int";
    return withValue(catalogue, next, name, whole ? Math.round(values[k]) : values[k]);
  }, scene);
}

/** The cell nearest to a place in shares of both axes: its index, and its values on the axes. */
export function cellAt(frame, across, upward) {
  const { columns, rows, axes } = frame;
  const nearest = (share, count) => Math.min(Math.max(Math.round(share * (count - 1)), 0), count - 1);
  const [column, row] = [nearest(across, columns), nearest(upward, rows)];
  const values = [column / (columns - 1), row / (rows - 1)].map((share, k) => along(axes[k]).value(share));
  return { index: row * columns + column, values };
}

/** What became of one cell's run, in words. */
export function cellWords(frame, catalogue, run, index) {
  const at = (name) => columnOf(frame, run, name)[index];
  const parts = [catalogue.outcome_labels[catalogue.outcomes[at("outcome")]]];
  if (frame.cloud > 1) parts.push(`${percent(at("converged"))} of ${frame.cloud} starts converge`);
  if (!Number.isNaN(at("converged_at"))) parts.push(`after ${Math.round(at("converged_at"))} steps`);
  if (!Number.isNaN(at("loss"))) parts.push(`loss ${formatNumber(at("loss"))}`);
  parts.push(`largest move ${formatNumber(at("longest_step"))}`);
  return `${RUN_NAMES[run].toLowerCase()} ${parts.join(", ")}`;
}

/** Whole percents, but never none or all where it is not so; no line breaks before the sign. */
export function percent(part) {
  if (part > 0 && part < 0.01) return "less than 1\u00a0%";
  if (part < 1 && part > 0.99) return "more than 99\u00a0%";
  return `${Math.round(100 * part)}\u00a0%`;
}

/** How many of a run's runs are thrown on the way, or diverge; empty where none does either. */
function losses({ thrown, outcomes }, names) {
  const lost = outcomes[names.indexOf("diverged")];
  const parts = [];
  if (thrown > 0) parts.push(`${percent(thrown)} are thrown on the way`);
  if (lost > 0) parts.push(`${percent(lost)} diverge`);
  return parts.join(" and ");
}

/** The whole sweep in a sentence, of the runs that are shown, the clipped one first. */
export function sweepWords(frame, names, runs, solved) {
  const subject = frame.kind === "outcomes" ? "the starts on this window" : "the runs on this map";
  const clauses = [...runs].reverse().map((run, k) => {
    const lead = k ? RUN_NAMES[run].split(" ")[0].toLowerCase() : RUN_NAMES[run];
    const sum = frame.shares[run];
    const lost = losses(sum, names) || (solved ? "" : "none are thrown");
    if (!solved) return k ? `${lead}, ${lost}` : `${lead}, of ${subject} ${lost}`;
    const share = percent(sum.converged);
    const converge = k ? `${share} do` : `${share} of ${subject} converge within ${frame.steps} steps`;
    return `${lead}${k ? "," : ""} ${converge}${lost && ` and ${lost}`}`;
  });
  return `${clauses.join("; ")}.`;
}

/** What keeps a picture from being finer, once it is as fine as it gets; empty where nothing but patience does. */
export function limitWords(frame) {
  if (beyondNumbers(frame)) return "Here float64 ends: neighbouring cells are the same start.";
  if (frame.columns < frame.finest || frame.finest >= FINEST) return "";
  const cloud = frame.cloud > 1 ? ` and ${frame.cloud} starts per cell` : "";
  return `No finer: with ${frame.steps} steps${cloud} more cells would take too long.`;
}

/** Whether neighbouring columns or rows of a sweep are the same numbers. */
export function beyondNumbers({ axes, columns, rows }) {
  const counts = [columns, rows];
  return axes.some(
    ({ low, high, log }, k) =>
      !log && (high - low) / (counts[k] - 1) < SPACING * Math.max(Math.abs(low), Math.abs(high)),
  );
}
