// Replays: what the clips that learn their thresholds would have done to norms, as in landscapes/advice/clip_replay.py.

import { placeIn, quantile } from "./quantile.js";

/** The norms after a clip whose module the server has traced; `values` are those of its parameters by name. */
export function clippedBy({ update, parameters, state }, values, norms) {
  const chosen = parameters.map((name) => values[name.slice(name.indexOf(".") + 1)]);
  let now = state;
  return norms.map((norm) => {
    const [clipped, ...next] = update(chosen, norm, ...now);
    now = next;
    return clipped;
  });
}

/**
 * The norms after AutoClip. It stores all norms so far, so that it has no scalar program and cannot be traced like the other
 * clips. What is written here is a percentile of a growing list; a test compares it with the clip of the catalogue.
 */
export function autoclipped({ percentile }, norms) {
  const history = [];
  let undefinedFrom = false;
  return norms.map((norm) => {
    undefinedFrom ||= Number.isNaN(norm);
    history.splice(placeIn(history, norm), 0, norm);
    const limit = undefinedFrom ? NaN : quantile(history, percentile / 100);
    return norm * Math.min(limit / (norm + 1e-6), 1);
  });
}

/** What a clip has done to norms, from those after it. */
export function replayOf(norms, after, { SMALLEST_CUT }) {
  const known = [...norms.keys()].filter((k) => Number.isFinite(norms[k]) && Number.isFinite(after[k]));
  const clipped = known.filter((k) => after[k] < norms[k] - SMALLEST_CUT);
  const cut = clipped.reduce((sum, k) => sum + (1 - after[k] / norms[k]), 0);
  let largest = -1;
  norms.forEach((norm, k) => {
    if (Number.isFinite(norm) && !(norm <= norms[largest])) largest = k;
  });
  const undefinedAt = norms.findIndex((norm, k) => Number.isFinite(norm) && !Number.isFinite(after[k]));
  return {
    records: norms.length,
    clipped: clipped.length / known.length,
    kept: 1 - cut / known.length,
    largest: largest < 0 ? NaN : norms[largest],
    largest_after: largest < 0 ? NaN : after[largest],
    undefined: undefinedAt < 0 ? undefined : undefinedAt,
  };
}

/** The replays of all clips on the last records, with their kinds. `modules` are those of the clips that have one. */
export function replays(allNorms, clips, modules, rules) {
  const norms = allNorms.slice(-rules.MOST_RECORDS);
  return clips.map(({ kind, label, defaults }) => {
    const after = modules[kind] ? clippedBy(modules[kind], defaults, norms) : autoclipped(defaults, norms);
    return { kind, label, ...replayOf(norms, after, rules) };
  });
}
