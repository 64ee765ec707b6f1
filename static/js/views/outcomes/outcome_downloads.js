// Outcome downloads: the pictures as one PNG file, and links to the sweep's tables.

import { toQuery } from "../../state/scene/url.js";
import { runStyles } from "../canvas/run_style.js";
import { byId } from "../elements/dom.js";
import { saveFile } from "../elements/save_file.js";

/** Several pictures with their overlays on one canvas, from left to right. */
function sheetOf(pictures) {
  const { width, height } = pictures[0].picture;
  const sheet = new OffscreenCanvas(width * pictures.length, height);
  const context = sheet.getContext("2d");
  context.fillStyle = runStyles().paper;
  context.fillRect(0, 0, sheet.width, sheet.height);
  pictures.forEach(({ picture, overlay }, k) => {
    for (const canvas of [picture, overlay]) context.drawImage(canvas, k * width, 0);
  });
  return sheet;
}

async function savePictures(pictures) {
  const blob = await sheetOf(pictures).convertToBlob({ type: "image/png" });
  saveFile({ name: "cliffscape-outcomes.png", blob });
}

/** `visiblePictures()` returns `{picture, overlay}` canvases. */
export function outcomeDownloads(visiblePictures) {
  byId("outcomes-png").addEventListener("click", (event) => {
    event.preventDefault();
    savePictures(visiblePictures());
  });
  return {
    /** Link to the tables of the sweep, with as many cells as the page shows. */
    sync(scene, outcomes) {
      const query = `${toQuery(scene)}&cells=${outcomes.columns}`;
      for (const format of ["csv", "npz"]) byId(`outcomes-${format}`).href = `exports/${scene.map}.${format}?${query}`;
    },
  };
}
