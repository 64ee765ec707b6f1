// Sweeps: the outcomes that the Scene shows, asked of the server, coarse to fine; the newest request wins.

import { frameLine } from "./frames.js";
import { sweepSignature } from "../state/runs/outcomes.js";
import { onChange } from "../state/store.js";

const PATIENCE = 200; // milliseconds that a request has before a newer one ends it, unless there are so many cells:
const LIVE = 65; // per side

/** @param {{catalogue: any, store: any, fail: (error: any) => void}} page */
export function sweepRequests({ catalogue, store, fail }) {
  function receive(frame, { signature }) {
    if (frame.kind === "error") return fail({ problem: frame });
    if (frame.kind === "progress") return;
    const { outcomes } = store.get();
    // What the server holds comes first, so a coarse picture may follow a fine one. One of a moment ago is shown: while
    // a slider moves, the newest there is.
    if (outcomes?.signature === signature && outcomes.columns > frame.columns) return;
    store.set({ outcomes: { ...frame, signature } });
  }

  const line = frameLine(receive, fail, PATIENCE, (frame) => frame.columns >= LIVE);

  return onChange(
    ({ scene }) => [scene.map !== "loss" ? sweepSignature(catalogue, scene) : ""],
    ({ scene, outcomes }) => {
      const signature = scene.map !== "loss" ? sweepSignature(catalogue, scene) : "";
      if (!signature || outcomes?.signature === signature) return line.cancel();
      line.ask({ scene, signature, have: () => [], kinds: [scene.map] });
    },
  );
}
