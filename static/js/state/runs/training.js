// Training: the curves of a run as they grow, of both twins and every seed.

import { lanesOf, onServer, signatureOf, sliceSignature } from "../scene/scene.js";

const COLUMNS = ["loss", "gradient_norm", "kept"];
const RUN = ["landscape", "cell", "task", "initialisation", "optimizer", "schedule", "clip", "seeds", "updates"];

/** What a training run depends on. */
export function trainingSignature(scene) {
  return signatureOf(scene, RUN);
}

/** What the projection of a run on the slice depends on. */
export function projectionSignature(scene) {
  return trainingSignature(scene) + sliceSignature(scene);
}

/** The projection and the lanes to draw it for, if the Scene shows that and not the descent; else null. */
export function projectionShown(catalogue, { scene, projection }) {
  if (scene.path !== "projection" || !onServer(catalogue, scene)) return null;
  const own = projection?.signature === projectionSignature(scene);
  return { projection, shown: own ? lanesOf(scene) : [] };
}

/** "done" where the page holds the whole run of its Scene; else what was last asked: "running", "paused" or nothing. */
export function runStatus({ training: run, trainingStatus, scene }) {
  const whole = run?.signature === trainingSignature(scene) && run.done === run.total;
  return whole ? "done" : trainingStatus;
}

function blank(scene, frame) {
  const count = frame.lanes.length * frame.seeds;
  const columns = COLUMNS.map((name) => [name, new Float32Array(count * frame.total).fill(NaN)]);
  return {
    signature: trainingSignature(scene),
    seeds: frame.seeds,
    total: frame.total,
    ...Object.fromEntries(columns),
    errors: new Map(),
  };
}

/** A run with the rows of one more frame. */
export function grown(run, scene, frame) {
  const known = run?.signature === trainingSignature(scene) ? run : blank(scene, frame);
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
  const { updates: done, baseline, cost } = frame;
  return { ...known, done, pace: frame.pace || known.pace, baseline, cost };
}

/** The rows of the lanes that are shown: `{lane, seed, values}` each. */
export function series(run, scene, name) {
  return lanesOf(scene).flatMap((lane) =>
    Array.from({ length: run.seeds }, (_, seed) => {
      const k = (lane === "with" ? run.seeds : 0) + seed;
      return { lane, seed, values: run[name].subarray(k * run.total, k * run.total + run.done) };
    }),
  );
}

/** Errors as points `[update, share]` of the lanes that are shown. */
export function errorSeries(run, scene) {
  const places = [...run.errors.keys()].sort((a, b) => a - b);
  return lanesOf(scene).flatMap((lane) =>
    Array.from({ length: run.seeds }, (_, seed) => {
      const k = (lane === "with" ? run.seeds : 0) + seed;
      return { lane, seed, points: places.map((at) => [at, run.errors.get(at)[k]]) };
    }),
  );
}

const SOLVED = 0.01;

/** One lane of a run in numbers: its last losses and errors, clipped updates, and where it left the numbers. */
export function outcome(run, scene, lane) {
  const rows = (name) => series(run, scene, name).filter((one) => one.lane === lane);
  const errors = errorSeries(run, scene)
    .filter((one) => one.lane === lane)
    .map(({ points }) => points.at(-1)?.[1] ?? NaN);
  const nonfinite = rows("loss").map(({ values }) => values.findIndex((value) => !Number.isFinite(value)));
  const kept = rows("kept").flatMap(({ values }) => [...values]);
  const lost = nonfinite.filter((at) => at >= 0);
  return {
    // The mean of the last updates: a single minibatch's loss is noise.
    losses: rows("loss").map(({ values }) => mean(values.subarray(Math.max(0, values.length - 20)))),
    errors,
    solved: errors.filter((error) => error < SOLVED).length,
    clipped: kept.filter((share) => share < 1 - 1e-6).length / kept.length,
    nonfinite: lost.length ? Math.min(...lost) + 1 : 0,
    lost: lost.length,
  };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
