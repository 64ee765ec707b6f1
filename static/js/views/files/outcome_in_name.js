// Outcome in a name: the server does not compute a run of over 1,000 steps for the name of a file alone, and the page has
// computed it already.

import { catalogue } from "../../state/scene/catalogue.js";
import { isPreview } from "../../state/runs/long_runs.js";

const dashed = (name) => name.replaceAll("_", "-");

/** The outcome of the first run on the page, or an empty text if it is not complete or would reveal an answer. */
export function knownOutcome(state, runs) {
  const known = state.hiddenAfter === null && runs.length > 0 && !isPreview(state, runs);
  return known ? runs[0].summary.outcome : "";
}

/** The file of a Scene, with the outcome after the landscape in its name, if the name has none and the page knows it. */
export function withOutcome(file, scene, state, runs) {
  const landscape = dashed(scene.landscape.kind);
  const rest = file.name.slice(landscape.length);
  const named =
    !file.name.startsWith(landscape) || catalogue.outcomes.some((one) => rest.startsWith(`-${dashed(one)}`));
  const outcome = state.scene === scene ? knownOutcome(state, runs) : "";
  if (named || !outcome) return file;
  return { ...file, name: `${landscape}-${dashed(outcome)}${rest}` };
}
