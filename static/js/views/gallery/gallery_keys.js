// Gallery keys: arrows move over the presets, typing goes to the search, and Enter in the search chooses the first match.

import { isArrow, nearest } from "./nearest.js";

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

  function focus(button) {
    button.focus();
    button.scrollIntoView({ block: "nearest" });
  }

  function move(event) {
    const all = buttons();
    const ends = { Home: all[0], End: all.at(-1) };
    const target = ends[event.key] ?? nearest(event.key, event.target, all);
    if (target) focus(target);
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
  list.addEventListener("focusin", ({ target }) => target.matches("[data-preset]") && makeStop(target));
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      const [first] = buttons();
      if (first) focus(first);
    }
    if (event.key === "Enter" && search.value) buttons()[0]?.click();
  });

  return {
    /** After a search, the first match is the stop. */
    reset: () => makeStop(buttons()[0]),
    focus(button) {
      button.focus({ preventScroll: true });
      button.scrollIntoView({ block: "center" });
    },
  };
}
