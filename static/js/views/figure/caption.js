// Caption: what a figure shows and the settings of its Scene, in sentences.

import { formatNumber } from "../../state/numbers.js";
import { catalogue } from "../../state/scene/catalogue.js";
import { entryOf, isNetwork, startOf, surfaceOf } from "../../state/scene/lookup.js";

/** What each part of the page shows. */
export const PARTS = {
  page: { name: "Page", caption: "Loss with both runs from above and as a height, and quantities over the steps." },
  map_and_relief: { name: "Map and relief", caption: "Loss with both runs from above and as a height." },
  map: { name: "Map", caption: "Loss and both runs from above." },
  relief: { name: "Relief", caption: "Loss as a height, with both runs." },
  curves: { name: "Curves", caption: "Quantities over the steps." },
  outcomes: { name: "Outcome map", caption: "Outcome of every start." },
};

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
  const place = startOf(scene).map(formatNumber).join(", ");
  const steps = step < scene.steps ? `step ${Math.floor(step)} of ${scene.steps}` : `${scene.steps} steps`;
  return `${[...choices, `start at (${place.replace(" ", "\u00a0")})`, steps].join("; ")}.`;
}

/** What a part shows, of which runs. */
function partText(scene, part) {
  const { caption } = PARTS[part];
  if (part === "outcomes" && scene.map === "sweep") return "Outcome for every pair of two quantities.";
  return scene.runs === "both" ? caption : caption.replace("both runs", "one run");
}

/** The caption of a part. */
export const captionText = (scene, part, step) => `${partText(scene, part)} ${settingsText(scene, step)}`;

/** The title of a part, such as "Map: One-unit RNN". */
export const titleText = (scene, part) => `${PARTS[part].name}: ${surfaceOf(scene).label}`;
