// Heat: the loss, or its gradient's norm, as colours under the map, with a legend below.

import { formatNumber } from "../../state/numbers.js";
import { lookup, themeName } from "../canvas/colour.js";
import { fitContext } from "../canvas/context.js";
import { colourAt, cssOfPacked, drawHeatImage, heatImage } from "../canvas/heat_image.js";
import { runStyles } from "../canvas/run_style.js";
import { heightsOf, toValue } from "../canvas/value_scale.js";

const ROOMY = 300; // pixels of a map whose whole legend fits to the left of the buttons
const NEXT_TO_ZERO = 1e-4; // of the highest value

/** Paint the heat image of a surface, smoothed between grid points, and its legend. */
export function paintHeat(canvas, surface, box, scale, quantity) {
  const { values, low, high } = heightsOf(surface[quantity], scale);
  const colours = lookup(themeName());
  const image = heatImage(surface, (k) => colourAt(colours, (values[k] - low) / (high - low)));
  const context = fitContext(canvas);
  drawLegend(context, box, { low, high, scale, quantity, colours });
  drawHeatImage(context, image, box, { smooth: true });
}

/** Values at both ends of the scale, as words. */
function endsOf(low, high, scale) {
  const highest = toValue(high, scale);
  const lowest = toValue(low, scale);
  const tiny = Math.abs(lowest) < NEXT_TO_ZERO * Math.abs(highest);
  return [tiny ? 0 : lowest, highest].map(formatNumber);
}

function drawBar(context, left, top, length, colours) {
  for (let k = 0; k < length; k++) {
    context.fillStyle = cssOfPacked(colours[Math.floor((k * 256) / length)]);
    context.fillRect(left + k, top, 1.5, 8);
  }
}

/** A bar of the colours with the values at both ends. A narrow map has room for a short bar only. */
function drawLegend(context, box, { low, high, scale, quantity, colours }) {
  const { muted, font, size } = runStyles();
  const [lowest, highest] = endsOf(low, high, scale);
  const top = box.top + box.height + 33;
  const roomy = box.width > ROOMY;
  const length = roomy ? 64 : 32;
  context.font = `${size * 0.82}px ${font}`;
  context.fillStyle = muted;
  context.textBaseline = "middle";
  const name = `${quantity.replace("_", " ")} ${lowest}`;
  context.fillText(name, box.left, top + 4);
  const left = box.left + context.measureText(name).width + 6;
  drawBar(context, left, top, length, colours);
  context.fillStyle = muted;
  context.fillText(`≥ ${highest}${roomy && scale === "log" ? ", log" : ""}`, left + length + 6, top + 4);
}
