// Long runs: has a worker compute the runs of which the page shows only the first steps.

import { longRunKey } from "../state/runs/long_runs.js";
import { runTask } from "../state/runs/trajectories.js";

const REST = 100; // milliseconds without a change after which the worker starts: a drag needs only the first steps

/** The worker's work on one Scene at a time; a newer one ends an older one. */
function workerLine(receive, fail) {
  let worker = null;
  let busy = false;

  function start() {
    const fresh = new Worker(new URL("run_worker.js", import.meta.url), { type: "module" });
    fresh.addEventListener("message", ({ data }) => {
      // The last message of a worker that has been ended may still arrive.
      if (fresh !== worker) return;
      busy = false;
      receive(data);
    });
    fresh.addEventListener("error", ({ message }) => fail(message));
    return fresh;
  }

  return {
    cancel() {
      if (busy) worker.terminate();
      if (busy) worker = null;
      busy = false;
    },
    send(message) {
      worker ??= start();
      busy = true;
      worker.postMessage(message);
    },
  };
}

/** @param {{store: any, runs: (state: any) => any[], say: (sentences: string[]) => void}} page */
export function longRuns({ store, runs, say }) {
  let wanted = "";
  let timer = 0;
  const line = workerLine(
    (computed) => store.set({ longRuns: { key: wanted, runs: computed } }),
    (message) => say([`The steps after the first ones cannot be computed: ${message || "the browser has no worker"}`]),
  );

  return function fetchMissing(state) {
    const key = longRunKey(state, runs(state));
    if (key === wanted) return;
    wanted = key;
    clearTimeout(timer);
    line.cancel();
    const { scene, kernels } = state;
    if (key) timer = setTimeout(() => line.send({ addresses: kernels.addresses, task: runTask(scene) }), REST);
  };
}
