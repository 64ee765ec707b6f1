// Verdict: the clauses of the catalogue, with the numbers of a run.

import { formatNumber } from "./numbers.js";
import { catalogue } from "./scene/catalogue.js";

/** A sentence with its placeholders filled in; `{name|step|steps}` is a number with its noun. Texts stay as they are. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name, nouns) => {
    const value = values[name];
    const text = typeof value === "number" && !catalogue.counts.includes(name) ? formatNumber(value) : String(value);
    return nouns ? `${text} ${nouns.split("|")[Number(value !== 1)]}` : text;
  });
}

/** The clauses about one run, the most important first. */
export function verdict(summary) {
  const names = Object.keys(catalogue.clauses).filter((name) => summary[`says_${name}`]);
  return names.map((name) => fill(catalogue.clauses[name], summary));
}
