// Thumbnail: the picture of a landscape in the gallery, in the colours of the map.

import { traceLine } from "../canvas/axes.js";
import { lookup, themeName } from "../canvas/colour.js";
import { fitContext } from "../canvas/context.js";
import { colourAt, drawHeatImage, heatImage } from "../canvas/heat_image.js";
import { runStyles } from "../canvas/run_style.js";
import { stroke } from "../canvas/stroke.js";
import { sharesOf } from "../canvas/value_scale.js";

const ROOM = 0.12; // share of the height that is free above and below a curve

/** Paint the shares of a loss of one parameter as a curve. */
function paintLine(canvas, shares) {
  const context = fitContext(canvas);
  const { clientWidth: width, clientHeight: height } = canvas;
  traceLine(context, 0, shares.length - 1, (k) => {
    if (!Number.isFinite(shares[k])) return null;
    return [(width * k) / (shares.length - 1), height * (1 - ROOM - (1 - 2 * ROOM) * Math.min(shares[k], 2))];
  });
  stroke(context, { colour: runStyles().ink, width: 2 });
}

/** Paint losses on a canvas; `scale` is "linear" or "log", as on the map. */
export function paintThumbnail(canvas, thumbnail, scale) {
  const { shares } = sharesOf(thumbnail.loss, scale);
  if (thumbnail.rows === 1) return paintLine(canvas, shares);
  const colours = lookup(themeName());
  const image = heatImage(thumbnail, (k) => colourAt(colours, shares[k]));
  const box = { left: 0, top: 0, width: canvas.clientWidth, height: canvas.clientHeight };
  drawHeatImage(fitContext(canvas), image, box, { smooth: true });
}
