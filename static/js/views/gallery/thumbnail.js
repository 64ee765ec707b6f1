// Thumbnail: the picture of a landscape in the gallery, in the colours of the map.

import { lookup, themeName } from "../canvas/colour.js";
import { fitContext } from "../canvas/context.js";
import { colourAt, drawHeatImage, heatImage } from "../canvas/heat_image.js";
import { sharesOf } from "../canvas/value_scale.js";

/** Paint losses on a canvas; `scale` is "linear" or "log", as on the map. */
export function paintThumbnail(canvas, thumbnail, scale) {
  const { shares } = sharesOf(thumbnail.loss, scale);
  const colours = lookup(themeName());
  const image = heatImage(thumbnail, (k) => colourAt(colours, shares[k]));
  const box = { left: 0, top: 0, width: canvas.clientWidth, height: canvas.clientHeight };
  drawHeatImage(fitContext(canvas), image, box, { smooth: true });
}
