// Outcome in a name: the server does not compute a run of over 1,000 steps for the name of a file alone, and the page has
// computed it already.

import { catalogue } from "../../state/scene/catalogue.js";
import { isPreview } from "../../state/runs/long_runs.js";

const dashed = (name) => name.replaceAll("_", "-");

/** The file of a Scene, with the outcome after the landscape in its name, if the name has none and the page knows it. */
export function withOutcome(file, scene, state, runs) {
  const landscape = dashed(scene.landscape.kind);
  const rest = file.name.slice(landscape.length);
  const named =
    !file.name.startsWith(landscape) || catalogue.outcomes.some((one) => rest.startsWith(`-${dashed(one)}`));
  const known = state.scene === scene && state.hiddenAfter === null && runs.length > 0 && !isPreview(state, runs);
  if (named || !known) return file;
  return { ...file, name: `${landscape}-${dashed(runs[0].summary.outcome)}${rest}` };
}
