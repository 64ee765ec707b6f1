// View training: asks the server again and again for new steps of a comparison that the user's own program trains.

import { surfaceOf } from "../../state/scene/lookup.js";
import { decode } from "../frames.js";
import { poll } from "./poll.js";

/** The frame with the rows after those that the page has; null if there are none. */
async function fetchRows(view, { token = "", done = 0 }) {
  try {
    const answer = await fetch(`view-training?${new URLSearchParams({ view, token, first: String(done) })}`);
    return answer.status === 200 ? decode(await answer.arrayBuffer()) : null;
  } catch {
    return null; // the next request may succeed
  }
}

/**
 * Show the training of the view on the page as it grows.
 * @param {{store: any, receive: (frame: any, request: any) => void}} page
 */
export function watchViewTraining({ store, receive }) {
  let shown = "";

  async function ask() {
    const { scene, training } = store.get();
    const { view } = scene.landscape;
    if (view === undefined || !surfaceOf(scene)) return;
    if (shown && shown !== view) store.set({ training: null });
    const frame = await fetchRows(view, (shown === view && training) || {});
    shown = view;
    if (!frame || store.get().scene.landscape.view !== view) return;
    if (frame.first === 0) store.set({ training: null });
    receive(frame, { scene });
  }

  poll(ask);
}
