// Outcome progress: how much of an outcome map is computed, with a button that cancels or resumes it.

import { signature } from "../../state/scene/dependencies.js";
import { isMapStopped } from "../../state/scene/map_levels.js";
import { durationText } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { progressLine } from "../elements/progress_line.js";

const IDS = { box: "map-progress", bar: "map-progress-share", words: "map-progress-words", button: "map-cancel" };

/** What is computed, and about how long that takes; `outcomes` is the map on screen if it is the Scene's. */
export function mapProgressText(progress, outcomes) {
  if (!progress) return outcomes ? `Stopped at ${outcomes.columns} × ${outcomes.columns} cells` : "Stopped";
  const { columns, share, seconds } = progress;
  if (share === null) return "Computing the slice";
  if (!columns) return "Training for the slice";
  const what =
    outcomes?.columns === columns ? "Testing which cells are uncertain" : `Computing ${columns} × ${columns} cells`;
  return seconds ? `${what}: takes ${durationText(seconds)}` : what;
}

export function outcomeProgress(store) {
  const line = progressLine(IDS, "cells", {
    cancel() {
      const { scene } = store.get();
      store.set({ mapStopped: signature(scene.map, scene), mapProgress: null });
    },
    goOn: () => store.set({ mapStopped: "" }),
  });

  function show(state) {
    const { scene, outcomes, mapProgress } = state;
    const own = signature(scene.map, scene);
    const progress = mapProgress?.signature === own ? mapProgress : null;
    const stopped = isMapStopped(state);
    const shown = outcomes?.signature === own ? outcomes : null;
    line(progress, stopped, progress || stopped ? mapProgressText(progress, shown) : "");
  }

  return { sync: onChange((s) => [s.mapProgress, s.mapStopped, s.scene, s.outcomes], show) };
}
