// Landscape files: asks the server again and again whether it has loaded another version of the user's own landscapes.
// The page is made of the catalogue, so it is then loaded again, at its address.

import { fetchJson, poll } from "./poll.js";

/**
 * Call `show` with the sentence about an error in the newest version, and with an empty one once it is mended.
 * @param {{watched: boolean, loaded: string, fault: string}} opening the state when the page was opened
 * @param {(sentence: string) => void} show
 */
export function watchLandscapeFiles({ watched, loaded, fault }, show) {
  let shown = fault;

  async function ask() {
    const found = await fetchJson("landscape_files.json");
    if (!found) return;
    if (found.loaded !== loaded) return location.reload();
    if (found.fault === shown) return;
    shown = found.fault;
    show(shown);
  }

  if (!watched) return;
  show(shown);
  poll(ask);
}
