// Run worker: computes the runs of a Scene in a thread of its own, so that long ones do not block the page.

import { computeRuns } from "../state/runs/trajectories.js";

addEventListener("message", async ({ data }) => {
  const { addresses, task } = data;
  const modules = await Promise.all(Object.values(addresses).map((address) => import(address)));
  const kernels = Object.fromEntries(Object.keys(addresses).map((name, k) => [name, modules[k]]));
  const runs = computeRuns(kernels, task);
  const columns = runs.flatMap(({ trajectory }) => Object.values(trajectory).filter(ArrayBuffer.isView));
  // Transferred and not copied.
  postMessage(
    runs,
    columns.map(({ buffer }) => buffer),
  );
});
