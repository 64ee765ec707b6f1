// Heat: the loss, or its gradient's norm, as colours under the map, with a legend below. Inf has the colour of the
// highest values; NaN is hatched.

import { formatNumber } from "../../state/numbers.js";
import { lookup, themeName } from "../canvas/colour.js";
import { fitContext } from "../canvas/context.js";
import { drawHatched } from "../canvas/hatching.js";
import { OPAQUE, colourAt, cssOfPacked, drawHeatImage, heatImage } from "../canvas/heat_image.js";
import { runStyles } from "../canvas/run_style.js";
import { isLogarithmic, toValue } from "../canvas/value_scale.js";

const BUTTONS = 9.4; // letters' heights that the buttons to the right of the legend take
const BARS = [64, 32]; // pixels of the bar of colours, and of one where there is little room
const GAP = 6; // pixels between the bar and its words
const NEXT_TO_ZERO = 1e-4; // of the highest value
const FEW_COLOURS = 0.05; // of the colours

/**
 * Paint the heat image of a surface, smoothed between grid points, and its legend. `seen` are the shares of a quantity
 * (value_scale.js).
 * @returns {string} the legend in words
 */
export function paintHeat(canvas, surface, box, seen, quantity) {
  const colours = lookup(themeName());
  const image = heatImage(surface, (k) => colourAt(colours, seen.shares[k]));
  const context = fitContext(canvas);
  const words = drawLegend(context, box, legends(seen, quantity.replace("_", " ")), colours);
  drawHeatImage(context, image, box, { smooth: true });
  if (seen.missing) drawMissing(context, surface, seen.shares, box);
  return words.filter(Boolean).join(" ... ") + (seen.missing && seen.finite ? "; NaN hatched" : "");
}

/** Hatch the cells with NaN, and name them in the middle one. */
function drawMissing(context, surface, shares, box) {
  drawHatched(
    context,
    heatImage(surface, (k) => (Number.isNaN(shares[k]) ? OPAQUE : 0)),
    box,
  );
  const { columns, rows } = surface;
  const cells = Array.from(shares.keys()).filter((k) => Number.isNaN(shares[k]));
  const middle = cells[Math.floor(cells.length / 2)];
  const [column, row] = [middle % columns, Math.floor(middle / columns)];
  const { ink, paper, font, size } = runStyles();
  const x = box.left + (column / (columns - 1)) * box.width;
  const y = box.top + (1 - row / (rows - 1)) * box.height;
  context.font = `${size * 0.9}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const half = context.measureText("NaN").width / 2 + 4;
  context.fillStyle = paper;
  const held = Math.min(Math.max(x, box.left + half), box.left + box.width - half);
  context.fillRect(held - half, y - size * 0.7, 2 * half, size * 1.4);
  context.fillStyle = ink;
  context.fillText("NaN", held, y);
  context.textAlign = "left";
}

/** Values at both ends of the scale, as words. */
function endsOf({ low, high, scale }) {
  const highest = toValue(high, scale);
  const lowest = toValue(low, scale);
  // On a log scale a small share of the highest value may be far from zero: 1e161 is half as high as 1e306.
  const near = Math.abs(low) < FEW_COLOURS * Math.abs(high);
  const tiny = near && Math.abs(lowest) < NEXT_TO_ZERO * Math.abs(highest);
  return [tiny ? 0 : lowest, highest].map(formatNumber);
}

/**
 * The legend as the words before the bar of colours and after it; without the second there is no bar. The first one has
 * everything, and the others need less room.
 * @returns {[string, string][]}
 */
function legends(seen, name) {
  const { flat, infinite, missing, finite, scale } = seen;
  if (!finite) return [[`${name}: ${infinite ? (missing ? "Inf or NaN" : "Inf") : "NaN"} in the whole window`, ""]];
  const [lowest, highest] = endsOf(seen);
  if (flat) return [[`${name} ${highest}${infinite ? "" : ", flat"}`, infinite ? "Inf" : ""]];
  // A range that three digits do not show is its width.
  if (lowest === highest)
    return [[`${name} ${lowest}`, `+ ${formatNumber(toValue(seen.high, scale) - toValue(seen.low, scale))} or more`]];
  const above = infinite ? `≥ ${highest} to Inf` : `≥ ${highest}`;
  return [
    [`${name} ${lowest}`, `${above}${isLogarithmic(seen) ? ", log" : ""}`],
    [`${name} ${lowest}`, above],
    [lowest, above],
  ];
}

function drawBar(context, left, top, length, colours) {
  for (let k = 0; k < length; k++) {
    context.fillStyle = cssOfPacked(colours[Math.floor((k * 256) / length)]);
    context.fillRect(left + k, top, 1.5, 8);
  }
}

/** The words that fit to the left of the buttons, and the length of the bar between them. */
function fitting(context, box, variants) {
  const room = box.width - BUTTONS * runStyles().size;
  const wide = (text) => context.measureText(text).width;
  const all = variants.flatMap((words) => BARS.map((length) => ({ words, length })));
  const fits = ({ words: [before, after], length }) => wide(before) + wide(after) + length + 2 * GAP <= room;
  return all.find(fits) ?? all.at(-1);
}

/** The words of one of the legends, and between them a bar of the colours; returns the words. */
function drawLegend(context, box, variants, colours) {
  const { muted, font, size } = runStyles();
  const top = box.top + box.height + 33;
  context.font = `${size * 0.82}px ${font}`;
  const { words, length } = fitting(context, box, variants);
  const [before, after] = words;
  context.fillStyle = muted;
  context.textBaseline = "middle";
  context.fillText(before, box.left, top + 4);
  if (!after) return words;
  const left = box.left + context.measureText(before).width + GAP;
  drawBar(context, left, top, length, colours);
  context.fillStyle = muted;
  context.fillText(after, left + length + GAP, top + 4);
  return words;
}
