// Advice on a log: everything that the page shows about it, as in landscapes/advice/advice.py.

import { flatCeiling } from "./ceiling.js";
import { replays } from "./clip_replay.js";
import { progress } from "./progress.js";
import { finite, median, quantile, sorted } from "./quantile.js";
import { part, recommend } from "./recommendation.js";
import { findSpikes } from "./spikes.js";
import { bookRange, candidateThresholds, effect } from "./thresholds.js";
import { warmUp } from "./warm_up.js";

/**
 * The advice for a run of a log, whose columns are Float64Arrays. `rules` are the constants of the modules in Python,
 * `clips` those to replay.
 */
export function advise(log, { rules, clips }, modules) {
  const warm = warmUp(log, rules.warm_up);
  const { steps, norms } = part(log, warm.records, log.steps.length);
  const found = progress(log.losses, rules.progress);
  const error = found ? found.error * Math.sqrt(found.size / rules.spikes.AROUND) : 0;
  const spikes = findSpikes(log, warm.records, error, rules.spikes);
  const known = finite(norms);
  const ordered = sorted(known);
  const ceiling = flatCeiling(known, rules.ceiling);
  const recommendation = recommend(log, { start: warm.records, ordered, ceiling }, found, spikes, rules);
  const tenth = Math.floor(known.length / 10);
  const effectOf = (threshold) => effect(norms, threshold, rules.clip_role);
  const hasEffect = recommendation.threshold > 0 && recommendation.kind !== "keep";
  return {
    log,
    warm,
    spikes,
    progress: found,
    recommendation,
    quantiles: known.length ? rules.advice.QUANTILES.map((share) => quantile(ordered, share)) : [],
    trend: tenth ? [median(known.subarray(0, tenth)), median(known.subarray(known.length - tenth))] : undefined,
    nonfinite: steps.filter((_, k) => !Number.isFinite(norms[k])),
    ceiling,
    book: bookRange(known, rules.thresholds),
    effects: candidateThresholds(ordered, rules.thresholds).map(effectOf),
    replays: replays(log.norms, clips, modules, rules.clip_replay),
    recommended: hasEffect ? effectOf(recommendation.threshold) : undefined,
  };
}
