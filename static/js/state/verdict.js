// Verdict: the sentences of the catalogue, with the numbers of a run.

import { formatNumber } from "./numbers.js";

// Numbers that are shown with all digits: three significant digits would turn step 1234 into 1230.
const COUNTS = new Set([
  "thrown_step",
  "nonfinite_step",
  "unsolved_step",
  "steps",
  "clipped_steps",
  "gradients",
  "products",
  "work",
]);

export const RUN_NAMES = { without: "Without clipping", with: "With clipping" };

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" && !COUNTS.has(name) ? formatNumber(value) : String(value);
  });
}

/** The sentences about one run, the most important first. */
export function verdict(sentences, summary, run) {
  const parts = [];
  if (summary.thrown) parts.push(fill(sentences.thrown, summary));
  if (summary.nonfinite_step >= 0) parts.push(fill(sentences.nonfinite, summary));
  else parts.push(fill(sentences.end, summary));
  if (summary.unsolved) parts.push(fill(sentences[summary.unsolved], summary));
  if (run === "with") parts.push(fill(sentences.clipped, summary));
  if (summary.matrix) parts.push(fill(sentences.cost, summary));
  return parts;
}
