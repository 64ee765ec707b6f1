// Formulas: the fields of the landscape that depend on a typed text. The server describes a text when it is typed, and
// the catalogue has the descriptions of all texts that the page has shown.

import { catalogue } from "./catalogue.js";
import { entryOf } from "./lookup.js";
import { NO_SWEEP, withPossibleMap } from "./presets.js";

export function isKnownFormula(text) {
  return text in catalogue.formulas;
}

/** Keep what the server says about a text. */
export function keepFormula(text, description) {
  catalogue.formulas[text] = description;
}

const declaration = ({ label, low, high, default: value }) => `${label} ${low} ${high} ${value}`;

/** The values of a formula's names. A name that the formula before it declares in the same way keeps its value. */
function valuesOf({ parameters }, landscape) {
  const before = catalogue.formulas[landscape.text]?.parameters ?? [];
  const values = new Map(before.map((parameter) => [declaration(parameter), landscape[parameter.name]]));
  return parameters.map((one) => [one.name, values.get(declaration(one)) ?? one.default]);
}

/** The Scene with another formula, whose window and start are those that are found for it. */
export function withFormula(scene, text) {
  const { kind } = scene.landscape;
  const usual = entryOf("landscape", kind).parameters.map((parameter) => [parameter.name, parameter.default]);
  const values = Object.fromEntries([...usual, ...valuesOf(catalogue.formulas[text], scene.landscape)]);
  return withPossibleMap({ ...scene, ...NO_SWEEP, window: null, start: null, landscape: { kind, ...values, text } });
}
