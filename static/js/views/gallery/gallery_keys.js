// Gallery keys: arrows move over the presets, typing goes to the search, and Enter in the search chooses the best match.

import { isArrow, nearest } from "./nearest.js";

function focusOn(button, block = "nearest") {
  button.focus({ preventScroll: true });
  button.scrollIntoView({ block });
}

/** The keys in the search: down to the best match, and Enter chooses it. */
function searchKeys(search, best) {
  search.addEventListener("keydown", (event) => {
    const match = best();
    if (event.key === "ArrowDown" && match) {
      event.preventDefault();
      focusOn(match);
    }
    if (event.key === "Enter" && search.value) match?.click();
  });
}

/** The keys on the presets. */
function listKeys(list, search, buttons) {
  function move(event) {
    const all = buttons();
    const ends = { Home: all[0], End: all.at(-1) };
    const target = ends[event.key] ?? nearest(event.key, event.target, all);
    if (target) focusOn(target);
    else if (event.key === "ArrowUp") search.focus();
  }

  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isArrow(event.key) || event.key === "Home" || event.key === "End") {
      event.preventDefault();
      move(event);
    }
    // The letter goes to the element that has the focus after this event.
    else if (event.key.length === 1 && event.key !== " ") search.focus();
  });
}

/**
 * @param {{search: any, list: any, buttons: () => any[], best: () => any}} gallery `buttons()` are the presets that the
 *   search shows, and `best()` is the one that it means most likely
 */
export function galleryKeys({ search, list, buttons, best }) {
  // Only one preset is a stop of the Tab key.
  let stop = null;

  function makeStop(button) {
    if (stop) stop.tabIndex = -1;
    stop = button ?? null;
    if (stop) stop.tabIndex = 0;
  }

  searchKeys(search, best);
  listKeys(list, search, buttons);
  list.addEventListener("focusin", ({ target }) => target.matches("[data-preset]") && makeStop(target));
  return {
    /** After a search, the best match is the stop. */
    reset: () => makeStop(best()),
    focus: (button) => focusOn(button, "center"),
  };
}
