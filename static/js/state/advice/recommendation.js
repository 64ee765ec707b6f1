// The recommendation: one threshold with its range and reasons, as in landscapes/advice/recommendation.py. A statement is
// the name of a sentence with the numbers in it.

import { finite, isKnown, median, placeIn, quantile } from "./quantile.js";
import { typicalNorm } from "./thresholds.js";

const statement = (name, values = {}) => ({ name, values });

/** A value with two significant digits. */
export function roundThreshold(value) {
  return Number(value.toPrecision(2));
}

function roundUp(value) {
  const rounded = roundThreshold(value);
  return rounded >= value ? rounded : roundThreshold(rounded * 1.05);
}

/** The records of a log from `first` to before `last`. */
export function part({ steps, norms, losses, rates }, first, last) {
  const [a, b, c, d] = [steps, norms, losses, rates].map((column) => column.subarray(first, last));
  return { steps: a, norms: b, losses: c, rates: d };
}

/** The usual distance between two logged steps. */
export function stepDistance(steps) {
  const distances = steps.subarray(1).map((step, k) => step - steps[k]);
  if (!distances.length) return 1;
  // As in almost every log.
  if (distances.every((one) => one === distances[0])) return distances[0];
  return median(distances);
}

/**
 * The recommendation for a log whose warm-up ends at record `start`. `ordered` are the finite norms after it, sorted, and
 * `ceiling` is their flat ceiling.
 */
export function recommend(log, { start, ordered, ceiling }, progress, spikes, rules) {
  const { FEWEST, FACTORS } = rules.recommendation;
  const unknown = unknownStatements(log, ceiling);
  const answer = (kind, threshold, low, high, ...reasons) => ({ kind, threshold, low, high, reasons, unknown });
  if (ceiling !== undefined) {
    const kept = roundThreshold(ceiling);
    return answer("keep", kept, kept, kept, statement("ceiling", { ceiling }));
  }
  const count = ordered.length - placeIn(ordered, Number.MIN_VALUE);
  if (count < FEWEST) return answer("none", NaN, NaN, NaN, statement("few_norms", { count, fewest: FEWEST }));
  const typical = typicalNorm(healthyPart(log, start, progress, FEWEST).norms, rules.thresholds) || ordered.at(-1);
  const scaled = (kind) => FACTORS[kind].map((factor) => roundThreshold(factor * typical));
  const trouble = instabilities(part(log, start, log.steps.length), progress, spikes);
  if (trouble.length) {
    const [threshold, low, high] = scaled("limit");
    return answer("limit", threshold, low, high, ...trouble, statement("typical", { typical }));
  }
  if (spikes.length) {
    const [threshold, low, high] = scaled("spikes");
    return answer("spikes", threshold, low, high, spikeStatement(spikes), statement("above_typical", { typical }));
  }
  const top = ordered.at(-1);
  const low = roundThreshold(quantile(ordered, 0.95));
  return answer("safety_net", roundUp(top), low, roundThreshold(2 * top), statement("no_spikes", { largest: top }));
}

/** The records after the warm-up and until the loss was best, or all if these are too few. */
function healthyPart(log, start, progress, fewest) {
  const whole = part(log, start, log.steps.length);
  if (!progress?.lost) return whole;
  const found = part(log, start, progress.bestEnd);
  return finite(found.norms).length >= fewest ? found : whole;
}

/** Statements on what went wrong in a run: Inf or NaN, a loss that rose for good. */
function instabilities({ steps, norms }, progress, spikes) {
  const broken = norms.findIndex((norm) => !Number.isFinite(norm));
  const worst = spikes.find((one) => one.raised && one.recovered === undefined);
  const found = [];
  if (broken >= 0) {
    const count = norms.length - finite(norms).length;
    found.push(statement("nonfinite", { count, records: norms.length, step: steps[broken] }));
  }
  if (progress?.lost)
    found.push(statement("lost", { first: progress.first, best: progress.best, last: progress.last }));
  if (worst) found.push(statement("not_recovered", { step: worst.step, before: worst.before, after: worst.after }));
  return found;
}

function spikeStatement(spikes) {
  const top = spikes.reduce((best, one) => (one.norm > best.norm ? one : best));
  const raised = spikes.filter((one) => one.raised);
  const longest = raised.reduce((most, one) => Math.max(most, one.recovered ?? 0), 0);
  const values = { count: spikes.length, largest: top.norm, step: top.step, raised: raised.length, longest };
  if (spikes.every((one) => Number.isNaN(one.after))) return statement("spikes_alone", values);
  return statement(raised.length ? "recovered_late" : "recovered", values);
}

/** What the log does not say. */
function unknownStatements(log, ceiling) {
  const every = stepDistance(log.steps);
  const found = [statement("no_replay")];
  if (every > 1) found.push(statement("one_in", { every }));
  if (ceiling !== undefined || log.place === "after") found.push(statement("after_clip"));
  else if (log.place === "unknown") found.push(statement("place_unknown"));
  if (!log.losses.some(isKnown)) found.push(statement("no_losses"));
  return [...found, statement("setting")];
}
