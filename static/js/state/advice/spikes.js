// Spikes: norms far above those before them, and the loss after each, as in landscapes/advice/spikes.py.

import { isKnown, largest, mediansBefore } from "./quantile.js";

/** The spikes from record `start` on. `error` is the standard error of a median of the losses around one. */
export function findSpikes(log, start, error, rules) {
  const reference = mediansBefore(log.norms, rules.BEFORE, rules.FEWEST, Number.isFinite);
  const times = log.norms.map((norm, k) => norm / reference[k]);
  const groups = [];
  for (let k = start; k < times.length; k++) {
    if (!(times[k] > rules.TIMES && times[k] < Infinity)) continue;
    const group = groups.at(-1);
    if (group && k - group.at(-1) < rules.APART) group.push(k);
    else groups.push([k]);
  }
  if (!groups.length) return [];
  const around = lossesAround(log.losses, rules.AROUND);
  return groups.map((group) => spikeOf(log, times, group, around, error, rules));
}

function spikeOf({ steps, norms }, times, group, around, error, { SHARE, ERRORS }) {
  const [first, last] = [group[0], group.at(-1)];
  const top = largest(group.map((k) => norms[k]));
  const peak = group.find((k) => norms[k] === top);
  const [before, after] = [around.before(first), around.after(last)];
  const allowed = before + Math.max(SHARE * Math.abs(before), ERRORS * error);
  const raised = after > allowed;
  const recovered = raised ? around.recovery(last, allowed) : undefined;
  return { first, last, step: steps[peak], norm: top, times: times[peak], before, after, raised, recovered };
}

/** The median losses of `count` records before a record and after it, and when they are back. */
function lossesAround(losses, count) {
  const medians = mediansBefore(losses, count, 1, isKnown);
  // The least median from a place on: where it is too high, nobody needs to look for a lower one.
  const least = medians.slice();
  for (let k = least.length - 2; k >= 0; k--)
    if (!isKnown(least[k]) || least[k + 1] < least[k]) least[k] = least[k + 1];
  const after = (record) => record + 1 + count;
  return {
    before: (record) => medians[record],
    after: (record) => medians[after(record)] ?? NaN,
    /** After how many records the loss is at most `allowed`; undefined if it never is. */
    recovery(record, allowed) {
      for (let k = after(record); k < medians.length && least[k] <= allowed; k += count) {
        if (medians[k] <= allowed) return k - record - 1;
      }
      return undefined;
    },
  };
}
