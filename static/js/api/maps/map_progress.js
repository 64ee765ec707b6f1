// Map progress: how far a level of a map is that the page computes, once it has taken a while.

import { levelProgress } from "../../state/maps/map_time.js";
import { PROGRESS_AFTER } from "../../state/scene/map_levels.js";

/** @param {() => number} now */
export function mapProgress(store, now) {
  let began = 0;
  return {
    /** A level begins. Returns the seconds that the one before has taken. */
    begin() {
      const seconds = (now() - began) / 1000;
      began = now();
      return seconds;
    },
    report(key, task, side, runs) {
      const passed = now() - began;
      if (passed >= PROGRESS_AFTER)
        store.set({ mapProgress: { ...levelProgress(task, side, runs, passed / 1000), signature: key } });
    },
    end() {
      if (store.get().mapProgress) store.set({ mapProgress: null });
    },
  };
}
