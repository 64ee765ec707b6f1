// Training: the curves of a training run as they grow. It holds the runs without and with clipping, for every seed.

import { catalogue } from "../scene/catalogue.js";
import { signature } from "../scene/dependencies.js";
import { isNetwork, runsOf, surfaceOf } from "../scene/lookup.js";

const COLUMNS = ["loss", "gradient_norm", "clip_factor"];

/** The projection and the runs to draw it for, if the Scene shows that and not the descent; else null. */
export function projectionShown({ scene, projection }) {
  if (scene.path !== "projection" || !isNetwork(scene)) return null;
  const own = projection?.signature === signature("projection", scene);
  return { projection, shown: own ? runsOf(scene) : [] };
}

/** The run that the user has recorded of their own model, which is drawn in addition to the descents; or nothing. */
export function recordedRun({ scene, projection }) {
  const own = surfaceOf(scene).recorded && projection?.signature === signature("projection", scene);
  return own ? { projection, shown: projection.runs } : {};
}

/** "done" if the page holds the Scene's complete training run; else the last command: "running", "paused" or none. */
export function runStatus({ training: trainingRun, trainingStatus, scene }) {
  const whole = trainingRun?.signature === signature("training", scene) && trainingRun.done === trainingRun.total;
  return whole ? "done" : trainingStatus;
}

function blank(scene, frame) {
  const count = frame.runs.length * frame.seeds;
  const columns = COLUMNS.map((name) => [name, new Float64Array(count * frame.total).fill(NaN)]);
  return {
    signature: signature("training", scene),
    seeds: frame.seeds,
    total: frame.total,
    ...Object.fromEntries(columns),
    errors: new Map(),
  };
}

/** A training run with the rows of one more frame. */
export function withRows(trainingRun, scene, frame) {
  const known = trainingRun?.signature === signature("training", scene) ? trainingRun : blank(scene, frame);
  const { seeds, total } = known;
  const rows = frame.updates - frame.first;
  for (const name of COLUMNS) {
    for (let k = 0; k < 2 * seeds; k++)
      known[name].set(frame[name].subarray(k * rows, (k + 1) * rows), k * total + frame.first);
  }
  frame.error_at.forEach((at, j) => {
    const count = frame.error_at.length;
    known.errors.set(
      at,
      Array.from({ length: 2 * seeds }, (_, k) => frame.error[k * count + j]),
    );
  });
  const { updates: done, baseline, cost, token } = frame;
  return { ...known, done, pace: frame.pace || known.pace, baseline, cost, token };
}

/** The rows of the runs that are shown: `{run, seed, values}` each. */
export function series(trainingRun, scene, name) {
  return runsOf(scene).flatMap((run) =>
    Array.from({ length: trainingRun.seeds }, (_, seed) => {
      const k = (run === "with" ? trainingRun.seeds : 0) + seed;
      return {
        run,
        seed,
        values: trainingRun[name].subarray(k * trainingRun.total, k * trainingRun.total + trainingRun.done),
      };
    }),
  );
}

/** Errors as points `[update, share]` of the runs that are shown. */
export function errorSeries(trainingRun, scene) {
  const places = [...trainingRun.errors.keys()].sort((a, b) => a - b);
  return runsOf(scene).flatMap((run) =>
    Array.from({ length: trainingRun.seeds }, (_, seed) => {
      const k = (run === "with" ? trainingRun.seeds : 0) + seed;
      return { run, seed, points: places.map((at) => [at, trainingRun.errors.get(at)[k]]) };
    }),
  );
}

/** The updates with Inf or NaN, counted from 1: first, last, and whether the run ended with them; null if none has. */
function nonfiniteUpdates(values) {
  const first = values.findIndex((value) => !Number.isFinite(value));
  if (first < 0) return null;
  const last = values.findLastIndex((value) => !Number.isFinite(value));
  const ended = last === values.length - 1;
  const since = ended ? values.findLastIndex((value) => Number.isFinite(value)) + 1 : values.length;
  return { first: first + 1, last: last + 1, diverged: ended ? since + 1 : 0 };
}

/**
 * Results of the runs without or with clipping: last losses and errors, clipped updates, and where one diverged. The
 * command line computes the same in app/runs/training_result.py, and a test compares the two.
 */
export function outcome(trainingRun, scene, run) {
  const { solved_error, unclipped, averaged_updates } = catalogue.rules;
  const rows = (name) => series(trainingRun, scene, name).filter((one) => one.run === run);
  const errors = errorSeries(trainingRun, scene)
    .filter((one) => one.run === run)
    .map(({ points }) => points.at(-1)?.[1] ?? NaN);
  const factors = rows("clip_factor").flatMap(({ values }) => [...values]);
  const nonfinite = rows("loss").flatMap(({ values }) => nonfiniteUpdates(values) ?? []);
  const diverged = nonfinite.map((one) => one.diverged).filter((update) => update > 0);
  return {
    // The mean of the last updates: a single minibatch's loss is noise.
    losses: rows("loss").map(({ values }) => mean(values.subarray(Math.max(0, values.length - averaged_updates)))),
    errors,
    solved: errors.filter((error) => error < solved_error).length,
    clipped: factors.filter((factor) => factor < unclipped).length / factors.length,
    diverged,
    rescued: nonfinite.filter((one) => !one.diverged),
    undefined: rows("clip_factor")
      .map(({ values }) => values.findIndex(Number.isNaN) + 1)
      .filter((update) => update > 0),
  };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
