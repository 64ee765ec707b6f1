// Gallery keys: arrows move over the presets, typing goes to the search, and Enter in the search chooses the first match.

import { isArrow, nearest } from "./nearest.js";

function focusOn(button, block = "nearest") {
  button.focus({ preventScroll: true });
  button.scrollIntoView({ block });
}

/** The keys in the search: down to the first match, and Enter chooses it. */
function searchKeys(search, buttons) {
  search.addEventListener("keydown", (event) => {
    const [first] = buttons();
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      focusOn(first);
    }
    if (event.key === "Enter" && search.value) first?.click();
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
 * @param {{search: any, list: any, buttons: () => any[]}} gallery `buttons()` are the presets that the search shows
 */
export function galleryKeys({ search, list, buttons }) {
  // Only one preset is a stop of the Tab key.
  let stop = null;

  function makeStop(button) {
    if (stop) stop.tabIndex = -1;
    stop = button ?? null;
    if (stop) stop.tabIndex = 0;
  }

  searchKeys(search, buttons);
  listKeys(list, search, buttons);
  list.addEventListener("focusin", ({ target }) => target.matches("[data-preset]") && makeStop(target));
  return {
    /** After a search, the first match is the stop. */
    reset: () => makeStop(buttons()[0]),
    focus: (button) => focusOn(button, "center"),
  };
}
