// Sweep pool: a few workers that compute the cells of one outcome map together.

import { mergeShares } from "../../state/maps/sweep.js";
import { mergeTests } from "../../state/maps/uncertain_cells.js";

const MOST = 8; // workers

function startWorker() {
  return new Worker(new URL("sweep_worker.js", import.meta.url), { type: "module" });
}

/** Collects the workers' shares of a task's levels, and passes on each level that is complete, coarse to fine. */
function levelMerger(task, count, receive) {
  // A task with a known map tests which of its cells are uncertain.
  const merge = task.known ? mergeTests : mergeShares;
  const shares = new Map(task.sides.map((side) => [side, []]));
  let coarse = null;
  return function add(side, found) {
    shares.get(side).push(found);
    // Every worker sends its levels in order, so a level is never complete before a coarser one.
    if (shares.get(side).length < count) return;
    coarse = merge(task, side, shares.get(side), coarse);
    shares.delete(side);
    receive(side, coarse);
  };
}

/** Adds up how many runs of a level all workers have done. */
function runCounter() {
  let level = 0;
  let counts = [];
  return function count({ side, done, worker }) {
    if (side !== level) [level, counts] = [side, []];
    counts[worker] = done;
    return counts.reduce((sum, one) => sum + one, 0);
  };
}

/**
 * Workers start with the first job. Every worker computes its share of all levels. A newer job replaces the current one.
 * `report` gets the number of runs of a level that are done, while it takes long.
 * @param {{receive: (side: number, found: any) => void, fail: (problem: string) => void,
 *   report: (side: number, runs: number) => void, create?: () => any, count?: number}} page
 */
export function sweepPool({ receive, fail, report, create = startWorker, count = navigator.hardwareConcurrency }) {
  const size = Math.min(Math.max(count || 1, 1), MOST);
  const workers = [];
  let job = 0;
  let add = null;
  let runsDone = runCounter();

  function hear({ data }) {
    // The last message of a job that has been replaced may still arrive.
    if (data.job !== job) return;
    if (data.problem !== undefined) fail(data.problem);
    else if (data.found) add(data.side, data.found);
    else report(data.side, runsDone(data));
  }

  function start() {
    const worker = create();
    worker.addEventListener("message", hear);
    worker.addEventListener("error", ({ message }) => fail(message || "it cannot start a worker"));
    return worker;
  }

  return {
    /** Compute a task with the kernels at `addresses`. */
    begin(addresses, task) {
      job += 1;
      add = levelMerger(task, size, receive);
      runsDone = runCounter();
      while (workers.length < size) workers.push(start());
      workers.forEach((worker, k) => worker.postMessage({ job, addresses, task, share: [k, size] }));
    },
    cancel() {
      if (!add) return;
      job += 1;
      add = null;
      workers.forEach((worker) => worker.postMessage({ job }));
    },
  };
}
