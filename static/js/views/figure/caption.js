// Caption: what a figure shows and the settings of its Scene, in sentences.

import { formatNumber } from "../../state/numbers.js";
import { showsRelief } from "../../state/presentation.js";
import { catalogue } from "../../state/scene/catalogue.js";
import { entryOf, isCurve, isNetwork, startOf, surfaceOf } from "../../state/scene/lookup.js";

/** What each part of the page shows. */
export const PARTS = {
  page: { name: "Page", caption: "Loss with both runs from above and as a height, and quantities over the steps." },
  map_and_relief: { name: "Map and relief", caption: "Loss with both runs from above and as a height." },
  map: { name: "Map", caption: "Loss and both runs from above." },
  relief: { name: "Relief", caption: "Loss as a height, with both runs." },
  curves: { name: "Curves", caption: "Quantities over the steps." },
  outcomes: { name: "Outcome map", caption: "Outcome of every start." },
};

/** The parts that show something else of a loss of one parameter, which has no relief. */
const ON_CURVE = {
  page: { name: "Page", caption: "Loss of one parameter with both runs, and quantities over the steps." },
  map: { name: "Curve", caption: "Loss of one parameter and both runs." },
};
const WITHOUT_RELIEF = {
  page: { name: "Page", caption: "Loss with both runs from above, and quantities over the steps." },
};
const RELIEF = ["map_and_relief", "relief"];

/** The name and the caption of a part of a Scene. */
export function partOf(scene, part) {
  if (showsRelief(scene)) return PARTS[part];
  return (isCurve(surfaceOf(scene)) ? ON_CURVE : WITHOUT_RELIEF)[part] ?? PARTS[part];
}

/** Whether a Scene has a part. */
export const hasFigure = (scene, part) => showsRelief(scene) || !RELIEF.includes(part);

const LEADS = { schedule: "schedule: ", clip: "clipping: ", initialisation: "initial weights: ", slice: "plane: " };

const valueText = (value) => (typeof value === "number" ? formatNumber(value) : String(value));

/** A label inside a sentence: its first letter is small, except in abbreviations. */
const inSentence = (label) => (/^[A-Z](?![A-Z])/.test(label) ? label[0].toLowerCase() + label.slice(1) : label);

/** A chosen entry with its values, such as "Gradient descent with learning rate ε = 0.2". */
function choiceText(scene, family) {
  const { label, parameters } = entryOf(family, scene[family].kind);
  // The spaces around "=" do not break.
  const values = parameters.map((one) => `${inSentence(one.label)}\u00a0=\u00a0${valueText(scene[family][one.name])}`);
  const name = `${LEADS[family] ?? ""}${label}`;
  return values.length ? `${name} with ${values.join(", ")}` : name;
}

/** The families that a caption names: not those of networks elsewhere, nor a clip or a schedule that does nothing. */
function namedFamilies(scene) {
  const { families, network_families: network } = catalogue.rules;
  return families.filter((family) => {
    if (family === "clip") return scene.runs !== "without";
    if (family === "schedule") return scene.schedule.kind !== catalogue.scene.schedule.kind;
    return isNetwork(scene) || !network.includes(family);
  });
}

/** The settings of a Scene, as one sentence. */
export function settingsText(scene, step) {
  const choices = namedFamilies(scene).map((family) => choiceText(scene, family));
  const curve = isCurve(surfaceOf(scene));
  const numbers = startOf(scene).map(formatNumber);
  const place = curve ? numbers[0] : `(${numbers.join(",\u00a0")})`;
  const steps = step < scene.steps ? `step ${Math.floor(step)} of ${scene.steps}` : `${scene.steps} steps`;
  return `${[...choices, `start at ${place}`, steps].join("; ")}.`;
}

/** What a part shows, of which runs. */
function partText(scene, part) {
  const { caption } = partOf(scene, part);
  if (part === "outcomes" && scene.map === "sweep") return "Outcome for every pair of two quantities.";
  return scene.runs === "both" ? caption : caption.replace("both runs", "one run");
}

/** The caption of a part. */
export const captionText = (scene, part, step) => `${partText(scene, part)} ${settingsText(scene, step)}`;

/** The title of a part, such as "Map: One-unit RNN". */
export const titleText = (scene, part) => `${partOf(scene, part).name}: ${surfaceOf(scene).label}`;
