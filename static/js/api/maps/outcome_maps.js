// Outcome maps: has workers compute the map of the Scene where a kernel exists. The server computes all others.

import { mapLine } from "./map_line.js";
import { sweepPool } from "./sweep_pool.js";
import { outcomeFrame, withUncertain } from "../../state/runs/outcome_frame.js";
import { levelProgress, nextMap } from "../../state/runs/map_time.js";
import { sweepTask } from "../../state/runs/sweep.js";
import { signature } from "../../state/scene/dependencies.js";
import { minimaOf } from "../../state/scene/found_minima.js";
import { startOf } from "../../state/scene/lookup.js";
import { isMapStopped, pageComputesMap, pageMapComplete, pageSides } from "../../state/scene/map_levels.js";
import { mapAxes } from "../../state/scene/sweep_axes.js";

const AFTER = 1000; // milliseconds after which the progress of a level is shown

/** The map that the page must compute in this state; null if it has it, or if the server computes it. */
function neededMap(state) {
  const { scene, sweepKernels, sweepKernelsFor } = state;
  if (!pageComputesMap(state) || pageMapComplete(state) || isMapStopped(state)) return null;
  // The kernels have been requested.
  if (sweepKernelsFor !== signature("sweep_kernel", scene)) return null;
  // Before the minima of a formula are found, no run would count as converged.
  if (signature("minima", scene) && !minimaOf(scene.landscape)) return null;
  const task = sweepTask(scene, mapAxes(scene), startOf(scene), pageSides(scene));
  return { key: signature(scene.map, scene), addresses: sweepKernels, task };
}

/** The task that tests which cells of a map are uncertain. */
function certaintyTask(task, side, found) {
  const known = ({ outcome, loss }) => ({ outcome, loss });
  return { ...task, sides: [side], known: { without: known(found.without), with: known(found.with) } };
}

/**
 * @param {{store: any, receive: (frame: any, request: any) => void, say: (sentences: string[]) => void,
 *   createPool?: (page: any) => any, now?: () => number}} page
 */
export function outcomeMaps({ store, receive, say, createPool = sweepPool, now = () => performance.now() }) {
  /** Show a level of the current map, even if the Scene has changed since. */
  function show(side, found) {
    const { addresses, task } = line.current();
    if (tests) return showUncertain(found);
    const following = certaintyTask(task, side, found);
    const next = nextMap(task, side, (now() - began) / 1000, following);
    const frame = { ...outcomeFrame(task, side, found), ...next };
    began = now();
    receive(frame, { scene: task.scene });
    line.note(side);
    // A map that waited may have replaced it.
    if (side !== task.sides.at(-1) || line.current()?.task !== task) return;
    tests = { task: following, frame };
    pool.begin(addresses, following);
  }

  /** Show the finest map again, with its uncertain cells. */
  function showUncertain(cells) {
    const { next, ...frame } = tests.frame;
    receive(withUncertain(frame, cells), { scene: line.current().task.scene });
    endProgress();
    line.end();
  }

  /** Show how far a level is, once it has taken a while. */
  function report(side, runs) {
    if (now() - began < AFTER) return;
    const { key, task } = line.current();
    const progress = levelProgress(tests?.task ?? task, side, runs, (now() - began) / 1000);
    store.set({ mapProgress: { ...progress, signature: key } });
  }

  function endProgress() {
    if (store.get().mapProgress) store.set({ mapProgress: null });
  }

  function fail(problem) {
    line.clear();
    pool.cancel();
    endProgress();
    say([`The browser cannot compute the outcome map, so the server does: ${problem}`]);
    store.set({ mapsOnServer: true });
  }

  const pool = createPool({ receive: show, fail, report });
  // The tests of the finest map's cells for certainty, while they run.
  let tests = null;
  let began = 0; // when the level began that is computed now
  const line = mapLine(({ addresses, task }) => {
    tests = null;
    began = now();
    pool.begin(addresses, task);
  }, now);

  return function fetchMissing(state) {
    const map = neededMap(state);
    if (map) return line.ask(map);
    if (line.current()) pool.cancel();
    line.clear();
  };
}
