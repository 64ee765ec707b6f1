// Missing: what a figure still waits for, such as the fine picture of a coarse one.

import { showsRelief } from "../../state/presentation.js";
import { signature } from "../../state/scene/dependencies.js";
import { onServer } from "../../state/scene/lookup.js";
import { isMapStopped, pageComputesMap, pageMapComplete, serverMapsMissing } from "../../state/scene/map_levels.js";
import { isPreview } from "../../state/runs/long_runs.js";

const SURFACE = ["page", "map_and_relief", "map"];
const RELIEF = ["page", "map_and_relief", "relief"];

/** Whether the page waits for frames of a kind; those that were cancelled do not come. */
function awaits(state, kind) {
  const own = signature(kind, state.scene);
  return own !== "" && !state.stopped && state.complete[kind] !== own;
}

function awaitsRuns(state, runs) {
  if (!runs.length || runs[0].of !== state.scene) return true;
  // Before the prediction the page shows the first steps alone.
  return state.hiddenAfter === null && isPreview(state, runs);
}

function awaitsRelief(state) {
  if (!state.relief || state.relief.landscape !== state.scene.landscape.kind) return true;
  return awaits(state, onServer(state.scene) ? "surface" : "relief");
}

function awaitsOutcomes(state) {
  const { scene, outcomes } = state;
  if (outcomes?.signature !== signature(scene.map, scene)) return true;
  if (isMapStopped(state)) return false;
  if (pageComputesMap(state) && !pageMapComplete(state)) return true;
  return serverMapsMissing(state) && awaits(state, scene.map);
}

/** Whether the figure of a part has a relief. */
export const hasRelief = (part, { scene }) => RELIEF.includes(part) && showsRelief(scene);

/** What the figure of a part waits for, in words; empty if it can be drawn. */
export function missingFor(part, state, runs) {
  const relief = hasRelief(part, state);
  if (relief && state.plotly === null) return "Waiting for Plotly";
  if (awaitsRuns(state, runs)) return "Waiting for the runs";
  if (SURFACE.includes(part) && (!state.surface || awaits(state, "surface"))) return "Waiting for the fine picture";
  if (relief && awaitsRelief(state)) return "Waiting for the fine relief";
  if (part === "outcomes" && awaitsOutcomes(state)) return "Waiting for the fine outcome map";
  return "";
}
