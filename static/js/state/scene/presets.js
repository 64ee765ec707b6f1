// Presets: the next Scene when the user chooses a kind, a window or a preset.

import { catalogue } from "./catalogue.js";
import { entryOf, isCurve, noKernel, startOf, surfaceOf, windowOf } from "./lookup.js";
import { complaint } from "./validation.js";

/** A member of a family with its default parameters. */
export function fresh(family, kind) {
  const { parameters } = entryOf(family, kind);
  return { kind, ...Object.fromEntries(parameters.map((p) => [p.name, p.default])) };
}

/** No sweep is chosen: the page then sweeps learning rate and threshold around their usual values. */
export const NO_SWEEP = { sweep: null, sweep_ranges: null, sweep_scales: null };

/** The Scene with another kind of a family. Parameters of the same name keep their values if these are valid. */
export function withKind(scene, family, kind) {
  const next = fresh(family, kind);
  for (const parameter of entryOf(family, kind).parameters) {
    const old = scene[family][parameter.name];
    if (old !== undefined && !complaint(parameter, parameter.name, String(old))) next[parameter.name] = old;
  }
  // Another plane has other coordinates, so the old window and start have no meaning on it.
  const place = family === "slice" ? { window: null, start: null } : {};
  // A sweep cannot vary a parameter that the new kind does not have.
  const lost = (scene.sweep ?? []).some((name) => name.startsWith(`${family}.`) && !(name.split(".")[1] in next));
  return withinSteps({ ...scene, ...place, ...(lost ? NO_SWEEP : {}), [family]: next });
}

/** The Scene with a map that its landscape has: the starts on a curve span none. */
export function withPossibleMap(scene) {
  return scene.map === "outcomes" && isCurve(surfaceOf(scene)) ? { ...scene, map: "sweep" } : scene;
}

/** The Scene with at most as many steps as the server computes, if it computes the descent. */
function withinSteps(scene) {
  return noKernel(scene) ? { ...scene, steps: Math.min(scene.steps, catalogue.rules.server_steps) } : scene;
}

/** A landscape's preset as a Scene. The choices of the view (runs, colours) do not change. */
export function presetScene(scene, kind, preset) {
  const { families, network_families } = catalogue.rules;
  const own = Object.fromEntries([...network_families, "schedule"].map((family) => [family, catalogue.scene[family]]));
  let next = {
    ...scene,
    ...own,
    ...NO_SWEEP,
    landscape: fresh("landscape", kind),
    window: null,
    start: null,
    height: "auto",
  };
  const choices = Object.entries(preset?.choices ?? {});
  // Kinds first: they reset the parameters of their families.
  for (const [key, value] of choices) if (families.includes(key)) next[key] = fresh(key, value);
  for (const [key, value] of choices) {
    const [family, name] = key.split(".");
    if (name) next = { ...next, [family]: { ...next[family], [name]: value } };
    else if (!families.includes(key)) next[key] = value;
  }
  return withinSteps(withPossibleMap(next));
}

/** The Scene with another window. A start outside this window and all named ones is reset. */
export function withWindow(scene, name) {
  const next = { ...scene, window: name };
  const [x, y] = startOf(next);
  const inside = ([left, right, bottom, top]) => x >= left && x <= right && y >= bottom && y <= top;
  const allowed = [windowOf(next), ...Object.values(surfaceOf(next).windows)];
  return allowed.some(inside) ? next : { ...next, start: null };
}
