// Hatching: lines or dots over the cells of a picture that an image marks.

import { drawHeatImage } from "./heat_image.js";
import { runStyles } from "./run_style.js";
import { strokeCased } from "./stroke.js";

const GAP = 7; // pixels between the lines
const [DOT_GAP, DOT] = [5, 1.5]; // pixels from dot to dot, and the size of one

/** Lines over a rectangle from the origin. */
export function fillLines(context, { width, height }) {
  const { ink, paper } = runStyles();
  context.beginPath();
  for (let x = -height; x < width; x += GAP) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  // The casing keeps the lines visible on the darkest and the lightest colours.
  strokeCased(context, { colour: paper, width: 2.4, alpha: 0.55 }, { colour: ink, width: 1.1, alpha: 0.85 });
}

/** Dots over a rectangle from the origin. */
export function fillDots(context, { width, height }) {
  context.fillStyle = runStyles().ink;
  context.globalAlpha = 0.55;
  for (let row = 0; row * DOT_GAP < height; row++)
    for (let x = (row % 2) * (DOT_GAP / 2); x < width; x += DOT_GAP) context.fillRect(x, row * DOT_GAP, DOT, DOT);
  context.globalAlpha = 1;
}

/** Hatch what is opaque in `mask`, a heat image of the box. */
export function drawHatched(context, mask, box) {
  drawPattern(context, mask, box, fillLines);
}

/** Put dots on what is opaque in `mask`. */
export function drawDotted(context, mask, box) {
  drawPattern(context, mask, box, fillDots);
}

function drawPattern(context, mask, box, draw) {
  // The resolution of the picture: that of the screen, or of an exported figure.
  const ratio = context.getTransform().a;
  const layer = new OffscreenCanvas(Math.ceil(box.width * ratio), Math.ceil(box.height * ratio));
  const inner = layer.getContext("2d");
  inner.scale(ratio, ratio);
  draw(inner, box);
  // Keep the pattern only where the mask is opaque.
  inner.globalCompositeOperation = "destination-in";
  drawHeatImage(inner, mask, { ...box, left: 0, top: 0 }, { smooth: false });
  context.drawImage(layer, box.left, box.top, box.width, box.height);
}
