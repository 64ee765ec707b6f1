// Outcome downloads: the pictures as one PNG file, and links to the sweep's tables.

import { signature } from "../../state/scene/dependencies.js";
import { surfaceOf } from "../../state/scene/lookup.js";
import { toQuery } from "../../state/scene/url.js";
import { runStyles } from "../canvas/run_style.js";
import { byId } from "../elements/dom.js";
import { nameOf, sourceOf } from "../files/exported_picture.js";
import { withMetadata } from "../files/png_metadata.js";
import { saveFile } from "../files/save_file.js";

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

/** `description` is the sentence above the pictures. */
async function savePictures(state, runs, pictures, description) {
  const metadata = { title: `Outcome map: ${surfaceOf(state.scene).label}`, description, ...sourceOf(state) };
  const name = nameOf(state, runs, "outcomes", "png");
  const blob = await sheetOf(pictures).convertToBlob({ type: "image/png" });
  saveFile({ name, blob: await withMetadata(blob, metadata, devicePixelRatio) });
}

/**
 * `canvases` are `{picture, overlay, figure}` for each run, `outcome()` the outcome after which tables are named, or an
 * empty text, and `redraw()` draws the page again.
 */
export function outcomeDownloads(canvases, outcome, redraw) {
  let wanted = false;
  byId("outcomes-png").addEventListener("click", (event) => {
    event.preventDefault();
    wanted = true;
    redraw();
  });
  for (const format of ["csv", "npz"]) {
    byId(`outcomes-${format}`).addEventListener("click", ({ currentTarget }) => {
      const address = new URL(currentTarget.href);
      address.searchParams.set("outcome", outcome());
      currentTarget.href = address;
    });
  }
  return {
    /** Save the pictures, if that is wanted and they have been drawn. Those of an earlier Scene have another link. */
    save(state, runs) {
      const settled = state.outcomes.signature === signature(state.outcomes.kind, state.scene);
      if (!wanted || !settled || runs[0]?.of !== state.scene) return;
      wanted = false;
      const visible = canvases.filter(({ figure }) => !figure.hidden);
      savePictures(state, runs, visible, byId("outcomes-words").textContent);
    },
    /** Link to the tables of the sweep, with as many cells as the page shows. */
    sync(scene, outcomes) {
      const query = `${toQuery(scene)}&cells=${outcomes.columns}`;
      for (const format of ["csv", "npz"]) byId(`outcomes-${format}`).href = `exports/${scene.map}.${format}?${query}`;
    },
  };
}
