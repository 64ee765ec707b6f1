// Sections: the folded parts below the curves. What is folded is neither requested nor drawn.

import { isNetwork, surfaceOf } from "../../state/scene/lookup.js";
import { hasPart } from "../../state/presentation.js";
import { onChange } from "../../state/store.js";
import { byId } from "../elements/dom.js";
import { rememberFold } from "../elements/fold.js";
import { toggleOutcomes } from "../outcomes/outcome_toggle.js";

// When the page has a section, if only some landscapes do.
const APPLIES = {
  minibatches: ({ scene }) => surfaceOf(scene).examples > 0,
  wall: ({ scene }) => isNetwork(scene),
  // The training of the user's own model is shown once there is one.
  "whole-network": ({ scene, training }) =>
    isNetwork(scene) || (scene.landscape.view !== undefined && training !== null),
};
const SECTIONS = ["this-step", "minibatches", "wall", "whole-network"];

/** "Outcome map" is open as long as the Scene has a map of outcomes, so that a link opens it. */
function everyStart(page) {
  const details = byId("every-start");
  details.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    toggleOutcomes(page);
  });
  return ({ scene }) => (details.open = scene.map !== "loss");
}

export function sectionsView(page) {
  const { store } = page;
  // A page of its own has no sections about networks.
  const all = SECTIONS.map(byId).filter(Boolean);
  for (const details of all) {
    rememberFold(details, details.id);
    const shown = hasPart(details.dataset.part);
    const note = () => store.set({ open: { ...store.get().open, [details.id]: shown && details.open } });
    details.addEventListener("toggle", note);
    note();
  }
  const syncEveryStart = everyStart(page);
  return {
    draw: onChange(
      ({ scene, training }) => [scene.landscape.kind, scene.map, training !== null],
      (state) => {
        for (const details of all) details.hidden = !(APPLIES[details.id]?.(state) ?? true);
        syncEveryStart(state);
      },
    ),
  };
}
