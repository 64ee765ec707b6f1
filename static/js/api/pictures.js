// Pictures: those that take long can be cancelled and resumed.

import { heldKeys } from "./requests.js";
import { onServer } from "../state/scene/lookup.js";
import { reliefOf } from "../state/runs/pictures.js";

const KINDS = ["slice", "surface"];

/** @param {{store: any, pictures: {ask: (request: any) => void, cancel: () => void}}} page */
export function pictureRequests({ store, pictures }) {
  return {
    cancel() {
      pictures.cancel();
      const { scene, surface, relief } = store.get();
      // The relief shows the coarse picture from now on. Otherwise it could still show another network.
      const coarse = onServer(scene) && surface && relief?.signature !== surface.signature;
      store.set({ stopped: true, progress: null, ...(coarse && { relief: reliefOf(surface) }) });
    },
    /** Resume the cancelled surface; the levels that the server has cached come first. */
    goOn() {
      const { scene } = store.get();
      store.set({ stopped: false });
      pictures.ask({ scene, have: () => heldKeys(store.get(), scene, KINDS), kinds: KINDS });
    },
  };
}
