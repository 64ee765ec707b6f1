// Dependencies: what each kind of frame is computed from, as the server declares it (app/scene/dependencies.py). Two
// Scenes with the same signature of a kind have the same frames of that kind.

import { catalogue } from "./catalogue.js";
import {
  entryOf,
  heightOf,
  isCurve,
  isNetwork,
  noKernel,
  onServer,
  startOf,
  studyOf,
  surfaceOf,
  windowOf,
} from "./lookup.js";
import { axesOf } from "./sweep_axes.js";

/** The traits of a Scene that conditions can refer to. */
export function traits(scene) {
  const landscape = surfaceOf(scene);
  const network = isNetwork(scene);
  return {
    network,
    sliced: onServer(scene),
    curve: isCurve(landscape),
    typed: scene.landscape.text !== undefined,
    projected: network || Boolean(landscape.recorded),
    kernel: !noKernel(scene),
    landscape_kernel: !landscape.no_kernel,
    examples: landscape.examples > 0,
    slice_of_run: network && entryOf("slice", scene.slice.kind).of_run,
    cloud: scene.cloud > 1,
    study: studyOf(scene),
  };
}

/** Whether a Scene's traits meet all conditions. True and false only require that a trait is set or not set. */
function meets(found, conditions) {
  return Object.entries(conditions).every(([name, wanted]) =>
    typeof wanted === "boolean" ? Boolean(found[name]) === wanted : found[name] === wanted,
  );
}

/** The chosen kind of a family, with the parameters that the frame depends on. */
function choice(scene, { name: family, only, without }, varied) {
  const { kind } = scene[family];
  if (only === "kind") return [kind];
  const counted = entryOf(family, kind).parameters.filter(
    ({ name, structural }) =>
      (only !== "structural" || structural) && !without.includes(name) && !varied.includes(`${family}.${name}`),
  );
  return [kind, ...counted.map(({ name }) => [name, scene[family][name]])];
}

/** The sweep's axes with their ranges. Ranges that the user has not chosen follow from the rest of the Scene. */
function axesWithRanges(scene) {
  const names = axesOf(scene);
  const window = names.some((name) => catalogue.rules.start.includes(name)) ? windowOf(scene) : null;
  return [names, scene.sweep_ranges, scene.sweep_scales, window];
}

function value(scene, part) {
  const varied = part.without.includes("axes") ? axesOf(scene) : [];
  if (scene[part.name]?.kind) return choice(scene, part, varied);
  if (part.name === "window") return windowOf(scene);
  if (part.name === "start") return startOf(scene).filter((_, k) => !varied.includes(catalogue.rules.start[k]));
  if (part.name === "height") return heightOf(scene);
  return part.name === "axes" ? axesWithRanges(scene) : scene[part.name];
}

function signatureOf(kind, scene) {
  const { when, depends_on } = catalogue.frames[kind];
  const found = traits(scene);
  if (!meets(found, when)) return "";
  const parts = depends_on.filter((part) => meets(found, part.when));
  return JSON.stringify([kind, ...parts.map((part) => value(scene, part))]);
}

// A Scene never changes, and several views ask for the same signature in one frame of a drag.
const known = new WeakMap();

/** Everything that the Scene's frames of a kind depend on, as text; empty if the Scene has no such frames. */
export function signature(kind, scene) {
  if (!known.has(scene)) known.set(scene, {});
  return (known.get(scene)[kind] ??= signatureOf(kind, scene));
}
