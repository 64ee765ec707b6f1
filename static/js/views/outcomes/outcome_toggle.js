// Outcome toggle: the controls that show and hide the outcome map.

import { withPossibleMap } from "../../state/scene/presets.js";

/** Show or hide the outcome map. A map that the visitor asked for is scrolled to; one that came with a link is not. */
export function toggleOutcomes({ store, change }) {
  const { scene: before, outcomesSought } = store.get();
  if (before.map === "loss") store.set({ outcomesSought: outcomesSought + 1 });
  change((scene) => withPossibleMap({ ...scene, map: scene.map === "loss" ? "outcomes" : "loss" }), true);
}
