// Fates: a sweep's frame in words and cells.

import { along, written } from "./numbers.js";
import { entryOf, onServer, signatureOf, sliceSignature, startOf, surfaceOf, windowOf } from "./scene.js";
import { LANE_NAMES } from "./words.js";

/** What a sweep can show of every cell, as its frame names it. */
export const QUANTITIES = [
  ["fate", "Fate"],
  ["loss", "Final loss"],
  ["converged_at", "Steps to converge"],
  ["longest_step", "Largest move"],
  // Of every start alone it is none or all; of a cloud of them a share.
  ["converged", "Share converged"],
];
const SPACING = 2 ** -52;
const FINEST = 513; // cells a side, where the work allows it

/** What a sweep depends on. */
export function sweepSignature(catalogue, scene) {
  const run = signatureOf(scene, ["landscape", "optimizer", "schedule", "clip", "steps", "cloud", "cloud_seed"]);
  const axes = scene.map === "sweep" ? signatureOf(scene, ["sweep", "sweep_ranges", "sweep_scales"]) : "";
  const start = scene.map === "sweep" ? startOf(catalogue, scene) : [];
  const net = onServer(catalogue, scene) ? sliceSignature(scene) : "";
  return JSON.stringify([scene.map, run, axes, start, windowOf(catalogue, scene), net]);
}

/** One lane's numbers, cell by cell. */
export function columnOf(frame, lane, name) {
  return frame[`${name}_${lane}`];
}

/** The parameter that an axis names, as the catalogue declares it; null for the start's coordinates. */
function parameterOf(catalogue, scene, name) {
  const [family, parameter] = name.split(".");
  if (family === "start") return null;
  return entryOf(catalogue, family, scene[family].kind).parameters.find((one) => one.name === parameter) ?? null;
}

/** What an axis is called on the page. */
export function axisLabel(catalogue, scene, name) {
  const found = parameterOf(catalogue, scene, name);
  return found ? found.label : surfaceOf(catalogue, scene).axes[name === "start.x" ? 0 : 1];
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

/** The Scene's own value on an axis. */
export function valueOf(catalogue, scene, name) {
  const [family, parameter] = name.split(".");
  if (family === "start") return startOf(catalogue, scene)[parameter === "x" ? 0 : 1];
  return scene[family][parameter];
}

/** The Scene with other values on a sweep's axes. */
export function moved(catalogue, scene, axes, values) {
  let next = scene;
  axes.forEach(({ name }, k) => {
    const [family, parameter] = name.split(".");
    if (family === "start") {
      const start = [...startOf(catalogue, next)];
      start[parameter === "x" ? 0 : 1] = values[k];
      next = { ...next, start };
    } else {
      const value = parameterOf(catalogue, scene, name)?.type === "int" ? Math.round(values[k]) : values[k];
      next = { ...next, [family]: { ...next[family], [parameter]: value } };
    }
  });
  return next;
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
export function cellWords(frame, names, lane, index) {
  const at = (name) => columnOf(frame, lane, name)[index];
  const parts = [names[at("fate")]];
  if (frame.cloud > 1) parts.push(`${percent(at("converged"))} of ${frame.cloud} starts converge`);
  if (!Number.isNaN(at("converged_at"))) parts.push(`after ${Math.round(at("converged_at"))} steps`);
  if (!Number.isNaN(at("loss"))) parts.push(`loss ${written(at("loss"))}`);
  parts.push(`largest move ${written(at("longest_step"))}`);
  return `${LANE_NAMES[lane].toLowerCase()} ${parts.join(", ")}`;
}

/** Whole percents, but never none or all where it is not so; no line breaks before the sign. */
export function percent(part) {
  if (part > 0 && part < 0.01) return "less than 1\u00a0%";
  if (part < 1 && part > 0.99) return "more than 99\u00a0%";
  return `${Math.round(100 * part)}\u00a0%`;
}

/** How many of a lane's runs are thrown on the way, or leave the numbers; empty where none does either. */
function losses({ thrown, fates }, names) {
  const lost = fates[names.indexOf("not finite")];
  const parts = [];
  if (thrown > 0) parts.push(`${percent(thrown)} are thrown`);
  if (lost > 0) parts.push(`${percent(lost)} leave the numbers`);
  return parts.join(" and ");
}

/** The whole sweep in a sentence, of the lanes that are shown, the clipped one first. */
export function sweepWords(frame, names, lanes, solved) {
  const subject = frame.kind === "fates" ? "the starts on this window" : "the runs on this map";
  const clauses = [...lanes].reverse().map((lane, k) => {
    const lead = k ? LANE_NAMES[lane].split(" ")[0].toLowerCase() : LANE_NAMES[lane];
    const sum = frame.shares[lane];
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
