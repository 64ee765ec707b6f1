// Main fields: the few parameters that the page shows above the folded groups.

import { catalogue } from "../../state/scene/catalogue.js";
import { entryOf } from "../../state/scene/lookup.js";

/**
 * Whether a parameter of a family's kind is a main one: the clip's threshold, the learning rate, and what a landscape
 * declares as `main`: a parameter of its own, or the first one of another family.
 */
export function isMain(family, kind, name) {
  if (family === "clip") return name === "threshold";
  if (family === "optimizer") return name === "learning_rate";
  const entry = entryOf(family, kind);
  // A formula is shown with the sliders of all its names.
  if (family === "landscape") return entry.main === name || entry.main === "text";
  return catalogue.landscape.some(({ main }) => main === family) && entry.parameters[0]?.name === name;
}
