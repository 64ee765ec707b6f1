// The words of a report: sentences with their numbers.

import { formatNumber } from "../numbers.js";

/** A function that fills in sentences by name. Whole numbers named in `whole` are shown in full. */
export function sentences({ sentences: texts, whole }) {
  return (name, values = {}) =>
    texts[name].replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, key, nouns) => {
      const value = values[key];
      const full = typeof value !== "number" || (Number.isInteger(value) && (whole.includes(key) || nouns));
      const text = full ? String(value) : formatNumber(value);
      return nouns ? `${text} ${nouns.split("|")[Number(value !== 1)]}` : text;
    });
}
