// Sweep axes: the two quantities of a Scene that a sweep varies, by the rules of app/scene/sweep_axes.py. A test compares
// the two.

import { catalogue } from "./catalogue.js";
import { entryOf, onServer, startOf, surfaceOf } from "./lookup.js";

/** The parameter that an axis names, as the catalogue declares it; null for the start's coordinates. */
function parameterOf(scene, name) {
  const [family, parameter] = name.split(".");
  if (family === "start") return null;
  return entryOf(family, scene[family].kind).parameters.find((one) => one.name === parameter) ?? null;
}

/** The label of an axis; the coordinates of a network's start have the names of its slice's axes. */
export function axisLabel(scene, name, slice = null) {
  const found = parameterOf(scene, name);
  if (found) return found.label;
  const plane = (onServer(scene) && slice) || surfaceOf(scene);
  return plane.axes[catalogue.rules.start.indexOf(name)];
}

/** Everything that can be an axis: the numeric parameters of the chosen kinds, and the start. */
export function quantities(scene) {
  const found = catalogue.rules.sweep_families.flatMap((family) => {
    const { parameters } = entryOf(family, scene[family].kind);
    const numbers = parameters.filter(({ structural, type }) => !structural && type !== "str");
    return numbers.map(({ name }) => `${family}.${name}`);
  });
  return [...found, ...catalogue.rules.start];
}

/** Names of a sweep's axes: the chosen ones, or by default learning rate and threshold if the Scene has both. */
export function axesOf(scene) {
  if (scene.sweep) return scene.sweep;
  const known = quantities(scene);
  const first = catalogue.rules.sweep_favourites.filter((name) => known.includes(name));
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
