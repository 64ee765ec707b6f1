// Links: the address bar holds the experiment; back and forward walk through the ones settled on.

import { toQuery } from "./scene.js";

const REST = 250; // milliseconds without a change after which the address follows

/** @param {(scene: any) => void} restore called with the Scene of an address gone back to */
export function linkKeeper(catalogue, restore) {
  let timer = 0;

  const address = (scene) => {
    const query = toQuery(catalogue, scene);
    return query ? `?${query}` : location.pathname;
  };

  return {
    address,
    begin(scene) {
      history.replaceState({ scene }, "", address(scene));
      addEventListener("popstate", (event) => {
        clearTimeout(timer);
        if (event.state?.scene) restore(event.state.scene);
      });
    },
    settle(scene) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (address(scene) !== address(history.state.scene)) history.pushState({ scene }, "", address(scene));
      }, REST);
    },
  };
}
