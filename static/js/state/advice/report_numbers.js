// The numbers of a report: all that the page shows of a run. They are few, however long the log is.

import { distribution } from "./distribution.js";
import { normParts } from "./norm_parts.js";
import { clippedAndKept, effect } from "./thresholds.js";

const MOST_STEPS = 5;
const MOST_SPIKES = 10;
const SLIDER = 1000;
// The axis of norms goes beyond the smallest and the largest one by this factor.
const ROOM = 1.2;

/** The numbers of the report on a run of a log with its advice. */
export function reportNumbers(run, advice, rules) {
  const { columns, others, numbered, repeated, place, steps, norms } = run;
  const { log: _, warm, nonfinite, spikes, ...rest } = advice;
  const parts = normParts(norms);
  const ends = axisEnds(parts);
  const after = norms.subarray(warm.records);
  return {
    ...rest,
    ...{ columns, others, numbered, repeated, place },
    warm: { ...warm, step: steps[warm.records - 1] },
    nonfinite: { count: nonfinite.length, steps: Array.from(nonfinite.subarray(0, MOST_STEPS)) },
    spikes: spikeNumbers(spikes),
    bars: distribution(after),
    picture: ends && { parts, ends, records: steps.length, first: steps[0], last: steps[steps.length - 1] },
    slider: ends && sliderNumbers(after, ends, advice.recommendation.threshold, rules.clip_role),
  };
}

/** How many spikes there are, and the largest ones in the order of their steps. */
function spikeNumbers(spikes) {
  const largest = [...spikes].sort((a, b) => b.norm - a.norm).slice(0, MOST_SPIKES);
  return {
    count: spikes.length,
    raised: spikes.filter((one) => one.raised).length,
    hasLosses: spikes.some((one) => !Number.isNaN(one.after)),
    largest: largest.sort((a, b) => a.first - b.first),
  };
}

/** The ends of an axis of norms; undefined without finite ones above 0. */
function axisEnds(parts) {
  const known = parts.filter((one) => one.high > 0);
  if (!known.length) return undefined;
  const [low, high] = [Math.min(...known.map((one) => one.low)), Math.max(...known.map((one) => one.high))];
  return { low: low / ROOM, high: high * ROOM };
}

/** What the thresholds of a slider clip and keep. At its `initial` place there is the recommended one, or the highest. */
function sliderNumbers(norms, { low, high }, recommended, rules) {
  const thresholds = Array.from({ length: SLIDER + 1 }, (_, k) => low * (high / low) ** (k / SLIDER));
  const effects = clippedAndKept(norms, thresholds);
  if (!(recommended > 0)) return { initial: SLIDER, effects };
  const share = Math.log(recommended / low) / Math.log(high / low);
  const initial = Math.round(Math.min(1, Math.max(0, share)) * SLIDER);
  effects[initial] = effect(norms, recommended, rules);
  return { initial, effects };
}
