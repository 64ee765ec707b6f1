// Study: a panel of some landscapes. It is closed on the landscape that the page opens with, so that opening the page
// does not request it.

import { catalogue } from "../../state/scene/catalogue.js";
import { studyOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { composition } from "./composition.js";
import { byId, make } from "../elements/dom.js";
import { explain, infoButton } from "../elements/info.js";
import { vanishing } from "./vanishing.js";

const STUDIES = { composition, vanishing };

export function studyView(store) {
  const area = /** @type {HTMLDetailsElement} */ (byId("study"));
  const canvases = ["study-first", "study-second"].map(byId);
  area.addEventListener("toggle", () => store.set({ studyOpen: area.open }));
  const infos = canvases.map(() => infoButton("", ""));
  canvases.forEach((canvas, k) => canvas.after(infos[k]));
  let kind = "";

  /** Show the study of another landscape, open unless it is the landscape that the page opens with. */
  function choose(scene) {
    if (kind === scene.landscape.kind) return;
    kind = scene.landscape.kind;
    const study = STUDIES[studyOf(scene)];
    area.hidden = !study;
    area.open = Boolean(study) && kind !== catalogue.scene.landscape.kind;
    if (!study) return;
    byId("study-title").textContent = study.title;
    byId("study-lead").textContent = study.lead;
    study.pictures.forEach(({ label, quantity, about }, k) => {
      canvases[k].ariaLabel = label;
      explain(infos[k], quantity, about);
    });
  }

  return {
    draw: onChange(
      (s) => [s.study, s.studyOpen, s.scene.landscape, s.themeVersion],
      ({ study: frame, scene }) => {
        choose(scene);
        if (area.hidden || !area.open || frame?.landscape !== kind) return;
        byId("study-words").replaceChildren(...frame.sentences.map((sentence) => make("p", {}, sentence)));
        STUDIES[frame.study].draw(frame, scene, canvases);
      },
    ),
  };
}
