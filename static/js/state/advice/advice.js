// Advice on a log: everything that the page shows about it, as in landscapes/advice/advice.py.

import { flatCeiling } from "./ceiling.js";
import { replays } from "./clip_replay.js";
import { blockSize, progress } from "./progress.js";
import { finite, median, quantile, sorted } from "./quantile.js";
import { part, recommend } from "./recommendation.js";
import { findSpikes } from "./spikes.js";
import { bookRange, candidateThresholds, effect } from "./thresholds.js";
import { warmUp } from "./warm_up.js";

/** The advice for a run of a log. `rules` are the constants of the modules in Python, `clips` those to replay. */
export function advise(log, { rules, clips }, modules) {
  const warm = warmUp(log, rules.warm_up);
  const rest = part(log, warm.records, log.steps.length);
  const found = progress(log.losses, rules.progress);
  const around = blockSize(log.losses, rules.progress) / rules.spikes.AROUND;
  const spikes = findSpikes(log, warm.records, found ? found.error * Math.sqrt(around) : 0, rules.spikes);
  const recommendation = recommend(log, log.place, warm.records, found, spikes, rules);
  const known = finite(rest.norms);
  const tenth = Math.floor(known.length / 10);
  const ordered = sorted(known);
  const effectOf = (threshold) => effect(rest.norms, threshold, rules.clip_role);
  return {
    log,
    warm,
    spikes,
    progress: found,
    recommendation,
    quantiles: known.length ? rules.advice.QUANTILES.map((share) => quantile(ordered, share)) : [],
    trend: tenth ? [median(known.slice(0, tenth)), median(known.slice(-tenth))] : undefined,
    nonfinite: rest.steps.filter((_, k) => !Number.isFinite(rest.norms[k])),
    ceiling: flatCeiling(rest.norms, rules.ceiling),
    book: bookRange(rest.norms, rules.thresholds),
    effects: candidateThresholds(rest.norms, rules.thresholds).map(effectOf),
    effectOf,
    replays: replays(log.norms, clips, modules, rules.clip_replay),
    recommended:
      recommendation.threshold > 0 && recommendation.kind !== "keep" ? effectOf(recommendation.threshold) : undefined,
  };
}
