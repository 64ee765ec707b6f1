// Film: the pictures of an animation, drawn one after the other on a canvas.

import { inTheme } from "../canvas/run_style.js";
import { make } from "../elements/dom.js";
import { drawSvg } from "../figure/png_file.js";
import { svgOf } from "../figure/figure.js";

/** A canvas of a size in units, on which views draw, and the pixels that they draw. */
function layerOf({ x, y, width, height, draw }, scale) {
  const pixels = make("canvas", { width: width * scale, height: height * scale });
  const context = pixels.getContext("2d");
  const canvas = {
    clientWidth: width,
    clientHeight: height,
    width: pixels.width,
    height: pixels.height,
    dataset: { ratio: scale },
    getContext: () => context,
  };
  return { pixels, place: [x * scale, y * scale], draw: (step) => draw(canvas, step) };
}

/** A canvas of an even size, which some codecs need, with a picture; its last pixels are repeated. */
function evenCanvas(picture) {
  const [width, height] = [picture.width, picture.height].map((size) => 2 * Math.ceil(size / 2));
  const canvas = make("canvas", { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, width, height);
  context.drawImage(picture, 0, 0);
  return canvas;
}

/**
 * The pictures of a block: what does not move is drawn once. `draw(step)` draws a picture on `canvas`. With `read` the
 * pixels of each are read.
 * @param {import("../figure/block.js").Block} block
 */
export async function filmOf(block, metadata, { theme, scale, read }) {
  const { svg, width, height } = svgOf(block, metadata, { theme, transparent: false, pixels: scale });
  const still = evenCanvas(await drawSvg(svg, width, height));
  const layers = block.moving.map((one) => layerOf(one, scale));
  const canvas = make("canvas", { width: still.width, height: still.height });
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: read });
  return {
    canvas,
    draw(step) {
      context.drawImage(still, 0, 0);
      inTheme(theme, () => layers.forEach(({ draw }) => draw(step)));
      for (const { pixels, place } of layers) context.drawImage(pixels, place[0], place[1]);
    },
    pixels: () => context.getImageData(0, 0, canvas.width, canvas.height).data.buffer,
  };
}
