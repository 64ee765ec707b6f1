// Training downloads: links to the tables of a finished or paused training run.

import { toQuery } from "../../state/scene/url.js";
import { byId } from "../elements/dom.js";

export function trainingDownloads() {
  const area = byId("training-saving");
  return {
    /** `own`: whether the run on the page has the Scene's settings; the links say how many of its updates it has. */
    sync(trainingRun, scene, status, own) {
      area.hidden = !own || !trainingRun.done || status === "running";
      if (area.hidden) return;
      const query = `${toQuery(scene)}&done=${trainingRun.done}`;
      for (const format of ["csv", "npz"]) byId(`training-${format}`).href = `exports/training.${format}?${query}`;
    },
  };
}
