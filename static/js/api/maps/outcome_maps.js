// Outcome maps: has workers compute the map of the Scene where a kernel exists. The server computes all others.

import { mapLine } from "./map_line.js";
import { sweepPool } from "./sweep_pool.js";
import { outcomeFrame } from "../../state/runs/outcome_frame.js";
import { sweepTask } from "../../state/runs/sweep.js";
import { signature } from "../../state/scene/dependencies.js";
import { startOf } from "../../state/scene/lookup.js";
import { pageComputesMap, pageMapComplete, pageSides } from "../../state/scene/map_levels.js";
import { mapAxes } from "../../state/scene/sweep_axes.js";

/** The map that the page must compute in this state; null if it has it, or if the server computes it. */
function neededMap(state) {
  const { scene, sweepKernels, sweepKernelsFor } = state;
  if (!pageComputesMap(state) || pageMapComplete(state)) return null;
  // The kernels have been requested.
  if (sweepKernelsFor !== signature("sweep_kernel", scene)) return null;
  const task = sweepTask(scene, mapAxes(scene), startOf(scene), pageSides(scene));
  return { key: signature(scene.map, scene), addresses: sweepKernels, task };
}

/**
 * @param {{store: any, receive: (frame: any, request: any) => void, say: (sentences: string[]) => void,
 *   createPool?: (page: any) => any, now?: () => number}} page
 */
export function outcomeMaps({ store, receive, say, createPool = sweepPool, now = () => performance.now() }) {
  /** Show a level of the current map, even if the Scene has changed since. */
  function show(side, found) {
    const { task } = line.current();
    receive(outcomeFrame(task, side, found), { scene: task.scene });
    line.note(side, side === task.sides.at(-1));
  }

  function cancel() {
    line.clear();
    pool.cancel();
  }

  function fail(problem) {
    cancel();
    say([`The browser cannot compute the outcome map, so the server does: ${problem}`]);
    store.set({ mapsOnServer: true });
  }

  const pool = createPool({ receive: show, fail });
  const line = mapLine(({ addresses, task }) => pool.begin(addresses, task), now);

  return function fetchMissing(state) {
    const map = neededMap(state);
    if (map) line.ask(map);
    else if (line.current()) cancel();
  };
}
