// Formulas: the fields of the landscape that depend on a typed text. The server describes a text when it is typed, and
// the catalogue has the descriptions of all texts that the page has shown.

import { catalogue } from "./catalogue.js";
import { NO_SWEEP } from "./presets.js";

export function isKnownFormula(text) {
  return text in catalogue.formulas;
}

/** Keep what the server says about a text. */
export function keepFormula(text, description) {
  catalogue.formulas[text] = description;
}

/** The Scene with another formula: constants, window and start are those that the new one declares. */
export function withFormula(scene, text) {
  const { kind } = scene.landscape;
  const entry = catalogue.landscape.find((one) => one.kind === kind);
  const declared = [...entry.parameters, ...catalogue.formulas[text].parameters];
  const values = Object.fromEntries(declared.map((parameter) => [parameter.name, parameter.default]));
  return { ...scene, ...NO_SWEEP, window: null, start: null, landscape: { kind, ...values, text } };
}
