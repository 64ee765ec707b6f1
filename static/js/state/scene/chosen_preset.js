// Chosen preset: which preset a Scene is equal to.

import { surfaceOf } from "./lookup.js";
import { presetScene } from "./presets.js";
import { toQuery } from "./url.js";

/** The index of the preset that a Scene is equal to, or -1. Runs, colour and height are not part of a preset. */
export function chosenPreset(scene) {
  const { kind, presets } = surfaceOf(scene);
  const experiment = (one) => toQuery({ ...one, runs: "both", colour: "loss", height: "auto" });
  const current = experiment(scene);
  return presets.findIndex((preset) => experiment(presetScene(scene, kind, preset)) === current);
}
