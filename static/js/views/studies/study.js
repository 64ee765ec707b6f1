// Study: what else there is to see of some landscapes. Closed on the first one, which is there for its cliff.

import { studyOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { composition } from "./composition.js";
import { byId, make } from "../elements/dom.js";
import { vanishing } from "./vanishing.js";

const STUDIES = { composition, vanishing };

export function studyView({ catalogue, store }) {
  const area = /** @type {HTMLDetailsElement} */ (byId("study"));
  const canvases = ["study-first", "study-second"].map(byId);
  area.addEventListener("toggle", () => store.set({ studyOpen: area.open }));
  let kind = "";

  /** Who comes for another landscape finds its study open. */
  function meet(scene) {
    if (kind === scene.landscape.kind) return;
    kind = scene.landscape.kind;
    const study = STUDIES[studyOf(scene)];
    area.hidden = !study;
    area.open = Boolean(study) && kind !== catalogue.scene.landscape.kind;
    if (!study) return;
    byId("study-title").textContent = study.title;
    study.labels.forEach((label, k) => (canvases[k].ariaLabel = label));
  }

  return {
    draw: onChange(
      (s) => [s.study, s.studyOpen, s.scene.landscape, s.themeVersion],
      ({ study: frame, scene }) => {
        meet(scene);
        if (area.hidden || !area.open || frame?.landscape !== kind) return;
        byId("study-words").replaceChildren(...frame.sentences.map((sentence) => make("p", {}, sentence)));
        STUDIES[frame.study].draw(frame, scene, canvases);
      },
    ),
  };
}
