// Training in words: how far a training run is, how well it did, and what its projection shows.

import { catalogue } from "../../state/scene/catalogue.js";
import { formatNumber, formatShare } from "../../state/numbers.js";
import { entryOf } from "../../state/scene/lookup.js";
import { wilsonInterval } from "../../state/runs/share_interval.js";
import { outcome } from "../../state/runs/training.js";
import { fill } from "../../state/verdict.js";

/** One of the catalogue's sentences about training. Whole numbers are given as texts, to be shown with all digits. */
function sentence(name, values = {}) {
  return fill(catalogue.training_sentences[name], values);
}

function duration(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** How many updates are done, and how long the rest takes; `status` is "running", "paused" or "done". */
export function progressText(trainingRun, status) {
  if (!trainingRun) return "";
  const { done, total, pace } = trainingRun;
  const counted = sentence("progress", { done: done.toLocaleString("en"), total: total.toLocaleString("en") });
  if (status === "paused") return `${counted}; ${sentence("paused")}`;
  if (status !== "running" || !pace) return counted;
  return `${counted}; ${sentence("pace", { pace, left: duration((total - done) / pace) })}`;
}

/** The median; NaN counts as the largest value. */
function median(values) {
  const sorted = values.map((value) => (Number.isNaN(value) ? Infinity : value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function percent(share) {
  return Number.isNaN(share) ? "–" : formatShare(share, 2);
}

/** The cost of an update by a second-order method; a first-order method takes one gradient. */
function costText({ products, gradients }) {
  const work = String(1 + gradients * products);
  return sentence(products === 1 ? "cost_of_one" : "cost", { products: String(products), work });
}

/** `counted` is false for the user's own model, whose program counts no errors. */
function singleSeed({ losses, errors, diverged, rescued }, counted) {
  const [loss] = losses;
  return [
    ...diverged.map((update) => sentence("diverged", { update: String(update) })),
    ...rescued.map(({ first, last }) =>
      sentence(first === last ? "gap" : "gaps", { first: String(first), last: String(last) }),
    ),
    sentence("loss", { loss }),
    ...(counted ? [sentence("error", { error: percent(errors[0]) })] : []),
  ];
}

function severalSeeds({ losses, errors, solved, diverged, rescued }, seeds) {
  const [low, high] = wilsonInterval(solved / seeds, seeds).map(percent);
  const parts = [
    sentence("solved", { solved: String(solved), seeds: String(seeds), low, high }),
    sentence("median", { error: percent(median(errors)), loss: median(losses) }),
  ];
  if (diverged.length) {
    const update = String(Math.min(...diverged));
    parts.push(sentence("diverged_seeds", { count: String(diverged.length), update }));
  }
  if (rescued.length) parts.push(sentence("rescued_seeds", { count: String(rescued.length) }));
  return parts;
}

/** Where the framework of the clip raises an error, and the runs go on only here. */
function raised(updates, seeds) {
  const values = { update: String(Math.min(...updates)), count: String(updates.length), seeds: String(seeds) };
  return sentence(seeds === 1 ? "raised" : "raised_seeds", values);
}

/** What the run without or with clipping came to. */
export function resultText(trainingRun, scene, run) {
  const { seeds, cost } = trainingRun;
  const result = outcome(trainingRun, scene, run);
  const parts = seeds === 1 ? singleSeed(result, trainingRun.baseline !== null) : severalSeeds(result, seeds);
  if (run === "with" && result.undefined.length && entryOf("clip", scene.clip.kind).raises)
    parts.push(raised(result.undefined, seeds));
  if (run === "with") parts.push(sentence("clipped", { share: percent(result.clipped) }));
  if (cost.matrix) parts.push(costText(cost));
  return parts.join("; ");
}

function runProjection({ runs, at, explained, distance, loss }, k) {
  const last = at.length * (k + 1) - 1;
  const variance = explained[k] === null ? "" : `${percent(explained[k])} of its variance lies in the plane; `;
  const end = `it ends at a distance of ${formatNumber(distance[last])} from the plane, with a true loss of ${formatNumber(loss[last])}`;
  return `${catalogue.run_labels[runs[k]]}: ${variance}${end}`;
}

/** How much of a training run the plane shows. */
export function projectionText(projection) {
  if (!projection) return "The projection is drawn when the training run has finished.";
  const runs = projection.runs.map((_, k) => runProjection(projection, k));
  return `Projection of the training run of the first seed. Its points do not lie on the surface. ${runs.join(". ")}.`;
}
