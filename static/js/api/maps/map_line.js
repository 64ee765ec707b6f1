// Map line: begins one outcome map at a time. Of the maps that wait, only the newest is begun.

import { LIVE, PATIENCE } from "../../state/scene/map_levels.js";

const START_LIMIT = 1000; // milliseconds after which it replaces one of which nothing is shown

/** Milliseconds after its start before which a newer map does not replace a map. */
function patienceWith({ columns }) {
  if (columns >= LIVE) return 0;
  return columns ? PATIENCE : START_LIMIT;
}

/**
 * A newer map replaces one that is under way only once enough of that is shown: otherwise a fast drag would never show
 * a complete picture.
 * @param {(map: any) => void} compute
 * @param {() => number} now
 */
export function mapLine(compute, now) {
  let current = null;
  let waiting = null;
  let timer = 0;

  /** Begin the map that waits, now or as soon as the current one may be replaced. */
  function replace() {
    clearTimeout(timer);
    if (!waiting) return;
    const rest = current ? current.began + patienceWith(current) - now() : 0;
    if (rest > 0) return void (timer = setTimeout(replace, rest));
    current = { map: waiting, began: now(), columns: 0 };
    waiting = null;
    compute(current.map);
  }

  return {
    current: () => current?.map,
    ask(map) {
      waiting = map.key === current?.map.key ? null : map;
      replace();
    },
    /** Note that the page shows a level of the current map. */
    note(columns) {
      current = { ...current, columns };
      replace();
    },
    /** Note that the current map is complete. */
    end() {
      current = null;
      replace();
    },
    clear() {
      clearTimeout(timer);
      [current, waiting] = [null, null];
    },
  };
}
