// Run worker: computes the runs of a Scene in a thread of its own, so that long ones do not block the page.

import { importModules } from "./kernels.js";
import { computeRuns } from "../state/runs/trajectories.js";

async function compute({ addresses, task }) {
  const runs = computeRuns(await importModules(addresses), task);
  const columns = runs.flatMap(({ trajectory }) => Object.values(trajectory).filter(ArrayBuffer.isView));
  // Transferred and not copied.
  postMessage(
    runs,
    columns.map(({ buffer }) => buffer),
  );
}

// A rejected promise would not reach the page as an error of the worker.
addEventListener("message", ({ data }) => void compute(data).catch(reportError));
