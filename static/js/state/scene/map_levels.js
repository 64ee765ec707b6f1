// Map levels: how fine an outcome map gets, and who computes it. Where a kernel exists, the page computes the maps up
// to a number of cells, and the server only the finer ones.

import { catalogue } from "./catalogue.js";
import { signature } from "./dependencies.js";
import { noKernel, surfaceOf } from "./lookup.js";
import { mapAxes, validAxes } from "./sweep_axes.js";

// While a slider moves: cells per side of a map that is fine enough to be replaced by a newer one, and milliseconds
// after which a newer map replaces one of which a coarser picture is shown.
export const LIVE = 65;
export const PATIENCE = 200;
// Milliseconds after which the page shows how far a map is: most are there sooner.
export const PROGRESS_AFTER = 1000;
const RUNS = 2;

/** Cells per side of the maps of a Scene with a kernel, coarse to fine, as app/frames/outcomes.py computes them. */
export function sidesOf(scene) {
  const { levels, coarser, budget } = catalogue.outcome_maps;
  const each = RUNS * scene.steps * scene.cloud * Math.max(1, surfaceOf(scene).examples);
  const affordable = (side) => side * side * each <= budget;
  const within = levels.filter(affordable);
  return within.length ? within : [coarser.find(affordable) ?? coarser.at(-1)];
}

/** Those that the page computes. */
export function pageSides(scene) {
  return sidesOf(scene).filter((side) => side <= catalogue.outcome_maps.in_browser);
}

/** Whether the page computes the Scene's outcome map. The server scatters clouds, and words errors about axes. */
export function pageComputesMap({ scene, mapsOnServer }) {
  if (scene.map === "loss" || mapsOnServer || scene.cloud > 1 || noKernel(scene)) return false;
  return validAxes(scene, mapAxes(scene));
}

/** Whether the page has the finest map of the Scene that it computes itself, with its uncertain cells. */
export function pageMapComplete({ scene, outcomes }) {
  if (outcomes?.signature !== signature(scene.map, scene)) return false;
  const finest = pageSides(scene).at(-1);
  return outcomes.columns > finest || (outcomes.columns === finest && "with" in outcomes.uncertain);
}

/** Whether the visitor has cancelled the Scene's outcome map. */
export function isMapStopped({ scene, mapStopped }) {
  return mapStopped !== "" && mapStopped === signature(scene.map, scene);
}

/** Whether the server must compute maps: all of them, or the finer ones once the page has its own. */
export function serverMapsMissing(state) {
  if (isMapStopped(state)) return false;
  if (!pageComputesMap(state)) return true;
  const { scene, dragging } = state;
  return !dragging && pageMapComplete(state) && sidesOf(scene).length > pageSides(scene).length;
}

/** The level of each kind above which the server's frames are needed; kinds without one are needed at all levels. */
export function pageLevels(state, kinds) {
  const own = kinds.filter((kind) => catalogue.frames[kind].table && pageComputesMap(state));
  return Object.fromEntries(own.map((kind) => [kind, catalogue.outcome_maps.in_browser]));
}
