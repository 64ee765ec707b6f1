// Outcome maps: has workers compute the map of the Scene where a kernel exists. The server computes all others.

import { mapLine } from "./map_line.js";
import { mapProgress } from "./map_progress.js";
import { sweepPool } from "./sweep_pool.js";
import { outcomeFrame, withUncertain } from "../../state/maps/outcome_frame.js";
import { nextMap } from "../../state/maps/map_time.js";
import { sweepTask } from "../../state/maps/sweep.js";
import { signature } from "../../state/scene/dependencies.js";
import { minimaOf } from "../../state/scene/found_minima.js";
import { startOf } from "../../state/scene/lookup.js";
import { isMapStopped, pageComputesMap, pageMapComplete, pageSides } from "../../state/scene/map_levels.js";
import { mapAxes } from "../../state/scene/sweep_axes.js";

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
 * Shows the levels of a map, even if the Scene has changed since; once the finest is there, has its cells tested for
 * certainty. `current()` is the map, and `note(columns)` and `end()` pass on how far it is.
 */
function levelsOf({ receive, progress, current, note, end, test }) {
  // The tests of the finest map's cells, while they run.
  let tests = null;

  function showUncertain(cells) {
    const { task } = current();
    receive(withUncertain(outcomeFrame(task, task.sides.at(-1), tests.found), cells), { scene: task.scene });
    progress.end();
    end();
  }

  return {
    begin() {
      tests = null;
      progress.begin();
    },
    show(side, found) {
      const { addresses, task } = current();
      const seconds = progress.begin();
      if (tests) return showUncertain(found);
      const following = certaintyTask(task, side, found);
      receive(
        { ...outcomeFrame(task, side, found), ...nextMap(task, side, seconds, following) },
        { scene: task.scene },
      );
      note(side);
      // A map that waited may have replaced it.
      if (side !== task.sides.at(-1) || current()?.task !== task) return;
      tests = { task: following, found };
      test(addresses, following);
    },
    report(side, runs) {
      const { key, task } = current();
      progress.report(key, tests?.task ?? task, side, runs);
    },
  };
}

/**
 * @param {{store: any, receive: (frame: any, request: any) => void, say: (sentences: string[]) => void,
 *   createPool?: (page: any) => any, now?: () => number}} page
 */
export function outcomeMaps({ store, receive, say, createPool = sweepPool, now = () => performance.now() }) {
  function fail(problem) {
    line.clear();
    pool.cancel();
    progress.end();
    say([`The browser cannot compute the outcome map, so the server does: ${problem}`]);
    store.set({ mapsOnServer: true });
  }

  const progress = mapProgress(store, now);
  const line = mapLine(({ addresses, task }) => {
    levels.begin();
    pool.begin(addresses, task);
  }, now);
  const test = (addresses, task) => pool.begin(addresses, task);
  const levels = levelsOf({ receive, progress, ...line, test });
  const pool = createPool({ receive: levels.show, report: levels.report, fail });

  return function fetchMissing(state) {
    const map = neededMap(state);
    if (map) return line.ask(map);
    if (line.current()) pool.cancel();
    line.clear();
  };
}
