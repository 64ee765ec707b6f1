// Sweep worker: computes a share of an outcome map's cells, level by level, in pieces of some milliseconds.

import { importModules } from "../kernels.js";
import { withVectors } from "./vector_kernel.js";
import { computeShare } from "../../state/maps/sweep.js";
import { computeTests } from "../../state/maps/uncertain_cells.js";

const PIECE = 10; // milliseconds between two looks at the messages
const REPORT = 250; // milliseconds between two reports of how far a level is
const { port1, port2 } = new MessageChannel();
let newest = 0;

/** Let the messages that have arrived be read. A timer would wait for longer. */
function pause() {
  return new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}

/** Compute a job's share of all levels and send each. A newer job ends it after the current piece. */
async function compute({ job, addresses, task, share }) {
  const modules = await importModules(addresses);
  const kernels = { without: await withVectors(modules.without), with: await withVectors(modules.with) };
  let until = performance.now() + PIECE;
  for (const side of task.sides) {
    const work = (task.known ? computeTests : computeShare)(kernels, task, side, share);
    let next = work.next();
    let done = 0;
    for (let reported = performance.now(); !next.done; next = work.next()) {
      done += next.value;
      if (performance.now() < until) continue;
      await pause();
      if (job !== newest) return;
      until = performance.now() + PIECE;
      if (until < reported + REPORT) continue;
      reported = until;
      postMessage({ job, side, done, worker: share[0] });
    }
    if (job !== newest) return;
    postMessage({ job, side, found: next.value });
  }
}

addEventListener("message", ({ data }) => {
  newest = data.job;
  // A message without a task only ends the current job.
  if (data.task) compute(data).catch((error) => postMessage({ job: data.job, problem: String(error.message) }));
});
