// Figure file: a part of the page as an SVG or PNG file, drawn once everything that it shows is complete.

import { nameOf } from "../files/exported_picture.js";
import { figureSvg, metadataOf } from "./figure.js";
import { hasRelief, missingFor } from "./missing.js";
import { pngBlob } from "./png_file.js";

const PAUSE = 100; // milliseconds between two looks at what is missing
const FINE = 3; // pixels per unit of the images in an SVG, which may be printed

/** @param {string} what "figure" or "animation" */
const noPlotly = (what) =>
  `The ${what} cannot be exported, because Plotly, which draws the relief, could not be loaded`;

/**
 * What the page shows, as `{state, runs, step}`, once everything of a part is complete; `report(words, progress)` is called
 * until then.
 */
export async function completeState(page, part, what, { report, signal }) {
  for (;;) {
    signal.throwIfAborted();
    const state = page.store.get();
    const runs = page.runs(state);
    const missing = missingFor(part, state, runs);
    if (!missing) {
      if (!state.plotly && hasRelief(part, state)) throw new Error(noPlotly(what));
      return { state, runs, step: state.step };
    }
    report(missing, part === "outcomes" ? state.mapProgress : state.progress);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/**
 * The file `{name, blob}` of a part of the page. `format` is "svg" or "png", and `scale` the resolution of a PNG.
 * @param {{store: any, runs: (state: any) => any[]}} page
 */
export async function figureFile(page, { part, format, scale, theme, transparent }, { report, signal }) {
  const shown = await completeState(page, part, "figure", { report, signal });
  report("Drawing the figure", null);
  const metadata = metadataOf(part, shown);
  const png = format === "png";
  const options = { theme, transparent, scale: png ? scale : FINE, pixels: png ? scale : 1 };
  const figure = await figureSvg(part, shown, metadata, options);
  signal.throwIfAborted();
  const blob = png ? await pngBlob(figure, metadata, scale) : new Blob([figure.svg], { type: "image/svg+xml" });
  return { name: nameOf(shown.state, shown.runs, part, format), blob };
}
