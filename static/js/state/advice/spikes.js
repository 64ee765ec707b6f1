// Spikes: norms far above those before them, and the loss after each, as in landscapes/advice/spikes.py.

import { largest, median } from "./quantile.js";

/** Where a number belongs among sorted ones. */
function placeIn(window, value) {
  let low = 0;
  for (let high = window.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (window[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The median of the finite norms among the records before each one; NaN for the first ones. */
export function medianBefore(norms, { BEFORE, FEWEST }) {
  const window = [];
  return norms.map((norm, k) => {
    const last = window.length - 1;
    const found = window.length < FEWEST ? NaN : (window[last >> 1] + window[(last + 1) >> 1]) / 2;
    if (Number.isFinite(norm)) window.splice(placeIn(window, norm), 0, norm);
    const oldest = norms[k - BEFORE];
    if (k >= BEFORE && Number.isFinite(oldest)) window.splice(placeIn(window, oldest), 1);
    return found;
  });
}

/** The spikes from record `start` on. `error` is the standard error of a median of the losses around one. */
export function findSpikes(log, start, error, rules) {
  const reference = medianBefore(log.norms, rules);
  const times = log.norms.map((norm, k) => norm / reference[k]);
  const groups = [];
  for (let k = start; k < times.length; k++) {
    if (!(times[k] > rules.TIMES && times[k] < Infinity)) continue;
    const group = groups.at(-1);
    if (group && k - group.at(-1) < rules.APART) group.push(k);
    else groups.push([k]);
  }
  return groups.map((group) => spikeOf(log, times, group, error, rules));
}

function spikeOf({ steps, norms, losses }, times, group, error, { AROUND, SHARE, ERRORS }) {
  const [first, last] = [group[0], group.at(-1)];
  const top = largest(group.map((k) => norms[k]));
  const peak = group.find((k) => norms[k] === top);
  const before = medianLoss(losses.slice(Math.max(0, first - AROUND), first));
  const after = medianLoss(losses.slice(last + 1, last + 1 + AROUND));
  const allowed = before + Math.max(SHARE * Math.abs(before), ERRORS * error);
  const raised = after > allowed;
  const recovered = raised ? recovery(losses.slice(last + 1), allowed, AROUND) : undefined;
  return { first, last, step: steps[peak], norm: top, times: times[peak], before, after, raised, recovered };
}

function medianLoss(losses) {
  return median(losses.filter((loss) => !Number.isNaN(loss)));
}

/** After how many records the loss is back; undefined if it never is. */
function recovery(losses, allowed, around) {
  for (let first = 0; first < losses.length; first += around) {
    if (medianLoss(losses.slice(first, first + around)) <= allowed) return first + around;
  }
  return undefined;
}
