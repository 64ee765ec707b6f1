// Training in words: how far a training run is, how well it did, and what its projection shows.

import { catalogue } from "../../state/scene/catalogue.js";
import { formatNumber, formatShare } from "../../state/numbers.js";
import { outcome } from "../../state/runs/training.js";

function duration(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** How many updates are done, and how long the rest takes; `status` is "running", "paused" or "done". */
export function progressText(trainingRun, status) {
  if (!trainingRun) return "";
  const { done, total, pace } = trainingRun;
  const counted = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} updates`;
  if (status === "paused") return `${counted}; paused`;
  if (status !== "running" || !pace) return counted;
  return `${counted}; ${formatNumber(pace)} updates/s, ${duration((total - done) / pace)} left`;
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
  const noun = products === 1 ? "product" : "products";
  return `each update took 1 gradient and ${products} curvature ${noun}, as much work as ${1 + gradients * products} gradients`;
}

function singleSeed({ losses, errors, diverged, rescued }) {
  const parts = [`loss ${formatNumber(losses[0])}`, `${percent(errors[0])} of 200 new sequences wrong`];
  for (const { first, last } of rescued)
    parts.unshift(
      `Inf or NaN ${first === last ? `at update ${first}` : `between updates ${first} and ${last}`}, then finite again`,
    );
  return diverged.length ? [`diverged at update ${diverged[0]}`, ...parts] : parts;
}

function severalSeeds({ losses, errors, solved, diverged, rescued }, seeds) {
  const parts = [
    `${solved} of ${seeds} seeds solved (fewer than 1 % wrong)`,
    `median: ${percent(median(errors))} wrong, loss ${formatNumber(median(losses))}`,
  ];
  if (diverged.length) parts.push(`${diverged.length} diverged, the first at update ${Math.min(...diverged)}`);
  if (rescued.length) parts.push(`${rescued.length} had Inf or NaN and became finite again`);
  return parts;
}

/** What the run without or with clipping came to. */
export function resultText(trainingRun, scene, run) {
  const { seeds, cost } = trainingRun;
  const result = outcome(trainingRun, scene, run);
  const parts = seeds === 1 ? singleSeed(result) : severalSeeds(result, seeds);
  if (run === "with") parts.push(`${percent(result.clipped)} of the updates clipped`);
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
