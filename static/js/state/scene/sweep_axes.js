// Sweep axes: the two quantities of a Scene that a sweep varies, by the rules of app/scene/sweep_axes.py. A test compares
// the two.

import { catalogue } from "./catalogue.js";
import { isCurve, isNetwork, parametersOf, startOf, surfaceOf, windowOf } from "./lookup.js";

/** The parameter that an axis names, as the catalogue declares it; null for the start's coordinates. */
function parameterOf(scene, name) {
  const [family, parameter] = name.split(".");
  if (family === "start") return null;
  return parametersOf(scene, family).find((one) => one.name === parameter) ?? null;
}

/** The label of an axis; the coordinates of a network's start have the names of its slice's axes. */
export function axisLabel(scene, name, slice = null) {
  const found = parameterOf(scene, name);
  if (found) return found.label;
  const plane = (isNetwork(scene) && slice) || surfaceOf(scene);
  return plane.axes[catalogue.rules.start.indexOf(name)];
}

/** Everything that can be an axis: the numeric parameters of the chosen kinds, and the coordinates of the start. */
export function quantities(scene) {
  const found = catalogue.rules.sweep_families.flatMap((family) => {
    const numbers = parametersOf(scene, family).filter(({ structural, type }) => !structural && type !== "str");
    return numbers.map(({ name }) => `${family}.${name}`);
  });
  return [...found, ...catalogue.rules.start.slice(0, surfaceOf(scene).axes.length)];
}

/**
 * Names of a sweep's axes: the chosen ones, or by default learning rate and threshold if the Scene has both, and on a curve
 * start and learning rate.
 */
export function axesOf(scene) {
  if (scene.sweep) return scene.sweep;
  const known = quantities(scene);
  const { start, sweep_favourites: favourites } = catalogue.rules;
  const usual = isCurve(surfaceOf(scene)) ? [start[0], ...favourites] : favourites;
  const first = usual.filter((name) => known.includes(name));
  return [...first, ...known.filter((name) => !first.includes(name))].slice(0, 2);
}

/** The Scene with another value of an axis's quantity. */
function withValue(scene, name, value) {
  const [family, parameter] = name.split(".");
  if (family !== "start") return { ...scene, [family]: { ...scene[family], [parameter]: value } };
  const start = [...startOf(scene)];
  start[parameter === "x" ? 0 : 1] = value;
  return { ...scene, start };
}

/** The value that the Scene has on an axis. */
export function valueOf(scene, name) {
  const [family, parameter] = name.split(".");
  if (family === "start") return startOf(scene)[parameter === "x" ? 0 : 1];
  return scene[family][parameter];
}

/** The Scene with other values on a sweep's axes. */
export function withValues(scene, axes, values) {
  return axes.reduce((next, { name }, k) => {
    const whole = parameterOf(scene, name)?.type === "int";
    return withValue(next, name, whole ? Math.round(values[k]) : values[k]);
  }, scene);
}

/** The numbers between which a quantity must stay. */
function boundsOf(scene, name) {
  const found = parameterOf(scene, name);
  if (found) return [found.low, found.high];
  const [left, right, bottom, top] = windowOf(scene);
  return name === "start.x" ? [left, right] : [bottom, top];
}

/** The range of an axis by default: the declared one, or on a log axis the part of it around the first preset's. */
function defaultRange(scene, name, log) {
  const [low, high] = boundsOf(scene, name);
  const found = parameterOf(scene, name);
  if (!log || !found) return [low, high];
  const family = name.split(".")[0];
  const { kind } = scene[family];
  const { choices } = surfaceOf(scene).presets[0];
  const value = (choices[family] ?? kind) === kind ? (choices[name] ?? found.default) : found.default;
  return [Math.max(low, value / catalogue.sweep_around), Math.min(high, value * catalogue.sweep_around)];
}

/** One axis of a sweep, with the Scene's range and scale or the default ones, as app/scene/sweep_axes.py computes it. */
function axisOf(scene, name, k) {
  const { log: usual = false, type = "float" } = parameterOf(scene, name) ?? {};
  const log = scene.sweep_scales ? scene.sweep_scales[k] === "log" : usual;
  const [low, high] = scene.sweep_ranges?.slice(2 * k, 2 * k + 2) ?? defaultRange(scene, name, log);
  return { name, low, high, log, whole: type === "int" };
}

/** Both axes of the Scene's outcome map: the window's, or those of the sweep. */
export function mapAxes(scene) {
  if (scene.map === "sweep") return axesOf(scene).map((name, k) => axisOf(scene, name, k));
  const [left, right, bottom, top] = windowOf(scene);
  const ranges = { "start.x": [left, right], "start.y": [bottom, top] };
  return Object.entries(ranges).map(([name, [low, high]]) => ({ name, low, high, log: false, whole: false }));
}

/** Whether the server would accept these axes. It words the error if not. */
export function validAxes(scene, axes) {
  const known = quantities(scene);
  const valid = ({ name, low, high, log }) => {
    const [least, most] = boundsOf(scene, name);
    const within = name.startsWith("start.") || (least <= low && high <= most);
    return Number.isFinite(low) && Number.isFinite(high) && low < high && within && (!log || low > 0);
  };
  return axes[0].name !== axes[1].name && axes.every((axis) => known.includes(axis.name) && valid(axis));
}
