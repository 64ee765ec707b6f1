// Verdict: the clauses of the catalogue, with the numbers of a run, and the headline that is chosen by them.

import { formatNumber, headlineNumber } from "./numbers.js";
import { catalogue } from "./scene/catalogue.js";
import { entryOf } from "./scene/lookup.js";

/** A sentence with its placeholders filled in; `{name|step|steps}` is a number with its noun. Texts stay as they are. */
export function fill(sentence, values, format = formatNumber) {
  return sentence.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name, nouns) => {
    const value = values[name];
    const text = typeof value === "number" && !catalogue.counts.includes(name) ? format(value) : String(value);
    return nouns ? `${text} ${nouns.split("|")[Number(value !== 1)]}` : text;
  });
}

/** The clauses about one run, the most important first. */
export function verdict(summary) {
  const names = Object.keys(catalogue.clauses).filter((name) => summary[`says_${name}`]);
  return names.map((name) => fill(catalogue.clauses[name], summary));
}

/** What happened to a run, in one sentence for a person. */
export function headline(scene, run, summary) {
  const lead = run === "with" ? entryOf("clip", scene.clip.kind).lead : catalogue.run_labels[run];
  const sentences = catalogue.headlines[summary.outcome];
  const found = Object.keys(sentences).find((names) => names.split(" ").every((name) => summary[`says_${name}`]));
  return fill(`${lead}, ${sentences[found]}`, { ...summary, ...scene.clip }, headlineNumber);
}
