// Clip role: a line below the verdicts about what the threshold does in the run with clipping.

import { clipRole } from "../../state/runs/clip_role.js";
import { thresholdOf } from "../../state/scene/lookup.js";
import { setText } from "../elements/dom.js";

export function clipRoleView(element) {
  return {
    sync(scene, runs) {
      const item = runs.find(({ run }) => run === "with");
      element.hidden = !item || !thresholdOf(scene).value;
      if (!element.hidden) setText(element, clipRole(item.summary));
    },
  };
}
