// Lookup: what the catalogue says about the choices of a Scene. The window, the start, the height and the reason for a
// descent on the server follow the same rules as in app/scene/schema.py, and a test compares the two.

import { catalogue } from "./catalogue.js";
import { minimaOf } from "./found_minima.js";

export function entryOf(family, kind) {
  return catalogue[family].find((entry) => entry.kind === kind);
}

/** The landscape of a formula: what the server says about its text, and has found for the values of its names. */
function formulaSurface(entry, landscape) {
  const described = catalogue.formulas[landscape.text];
  return described ? { ...entry, ...described, solved: minimaOf(landscape)?.solved ?? null } : entry;
}

// Views send their windows with the page, so each of them is one object, whose parameters a control can compare.
const modelSurfaces = new Map();

/** The landscape of a view of the user's own model. */
function modelSurface(entry, { view }) {
  if (!modelSurfaces.has(view)) modelSurfaces.set(view, { ...entry, ...catalogue.views[view] });
  return modelSurfaces.get(view);
}

/** The chosen landscape; for a network, with the window and the start of its slice, for a model those of its view. */
export function surfaceOf(scene) {
  const entry = entryOf("landscape", scene.landscape.kind);
  if (scene.landscape.text !== undefined) return formulaSurface(entry, scene.landscape);
  if (scene.landscape.view !== undefined) return modelSurface(entry, scene.landscape);
  if (!entry.network) return entry;
  const { window, start, height } = entryOf("slice", scene.slice.kind);
  return { ...entry, windows: { whole: window }, start, height };
}

/** The parameters of a family's chosen kind. A formula has its own names and bounds. */
export function parametersOf(scene, family) {
  return (family === "landscape" ? surfaceOf(scene) : entryOf(family, scene[family].kind)).parameters;
}

/** Whether the server computes everything of the landscape, pictures and runs. */
export function onServer(scene) {
  return entryOf("landscape", scene.landscape.kind).server;
}

/** Whether the landscape is a recurrent network, with families of its own, a training and a gradient flow. */
export function isNetwork(scene) {
  return entryOf("landscape", scene.landscape.kind).network;
}

/** Whether a landscape, or a picture of it, has one parameter, whose loss is a curve. */
export function isCurve({ axes }) {
  return axes.length === 1;
}

/** The reason why the server must compute the descent; empty if the browser can. */
export function noKernel(scene) {
  const chosen = catalogue.rules.kernel_families.map((family) => entryOf(family, scene[family].kind));
  return chosen.find(({ no_kernel }) => no_kernel)?.no_kernel ?? "";
}

/** The landscape's study, if it has one. */
export function studyOf(scene) {
  return entryOf("landscape", scene.landscape.kind).study;
}

export function windowOf(scene) {
  const { windows } = surfaceOf(scene);
  if (Array.isArray(scene.window)) return scene.window;
  return windows[scene.window] ?? Object.values(windows)[0];
}

/** @returns {[number, number]} */
export function startOf(scene) {
  return scene.start ?? surfaceOf(scene).start;
}

/**
 * The clip's threshold (0 if none is shown), its shape in the plane, and the curve that shows it as a line. A clip of
 * two rules has a `first` threshold with a shape, otherwise null.
 */
export function thresholdOf(scene) {
  const { acts_on, shape, first: rule } = entryOf("clip", scene.clip.kind);
  const value = scene.runs === "without" ? 0 : (scene.clip.threshold ?? 0);
  const first = rule && { value: scene.clip[rule.parameter], shape: rule.shape };
  return { value, shape, first, curve: acts_on === "step" ? "step_length" : "gradient_norm" };
}

export function heightOf(scene) {
  return scene.height === "auto" ? surfaceOf(scene).height : scene.height;
}

export function diagonal([left, right, bottom, top]) {
  return Math.hypot(right - left, top - bottom);
}

/** The runs on the page, in the order they are drawn. */
export function runsOf(scene) {
  return scene.runs === "both" ? ["without", "with"] : [scene.runs];
}
