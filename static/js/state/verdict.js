// Verdict: the sentences of the catalogue, with the numbers of a run.

import { formatNumber } from "./numbers.js";
import { catalogue } from "./scene/catalogue.js";

/** A sentence with its placeholders filled in; texts are inserted as they are. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" && !catalogue.counts.includes(name) ? formatNumber(value) : String(value);
  });
}

/** The sentences about rows with Inf or NaN: those in between, and those at the end. */
function nonfiniteSentences(sentences, summary) {
  const { gap_rows: rows, gap_first: first, gap_last: last, nonfinite_step: step } = summary;
  const gaps = rows ? [rows === last - first + 1 ? sentences.gap : sentences.gaps] : [];
  if (step < 0) return gaps;
  return [...gaps, step > 0 ? sentences.nonfinite : sentences.nonfinite_start];
}

/** The sentences about one run, the most important first. */
export function verdict(sentences, summary, run) {
  const parts = [];
  if (summary.thrown) parts.push(fill(sentences.thrown, summary));
  for (const sentence of nonfiniteSentences(sentences, summary)) parts.push(fill(sentence, summary));
  if (summary.nonfinite_step < 0) parts.push(fill(sentences.end, summary));
  if (summary.unsolved) parts.push(fill(sentences[summary.unsolved], summary));
  if (run === "with" && summary.raised_step >= 0) parts.push(fill(sentences.raised, summary));
  if (run === "with") parts.push(fill(sentences.clipped, summary));
  if (summary.matrix) parts.push(fill(sentences.cost, summary));
  return parts;
}
