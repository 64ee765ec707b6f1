// PNG file: an SVG as pixels, with metadata in the chunks of the file.

import { withMetadata } from "../files/png_metadata.js";

/** An SVG of `width` by `height` pixels on a canvas. */
export async function drawSvg(svg, width, height) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d").drawImage(image, 0, 0, width, height);
    return canvas;
  } finally {
    URL.revokeObjectURL(address);
  }
}

const FAILED = "The figure cannot be exported, because this browser cannot make an image of this size";

/** A PNG file of an SVG. `scale` is its resolution, in pixels per unit. */
export async function pngBlob({ svg, width, height }, metadata, scale) {
  const canvas = await drawSvg(svg, width, height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error(FAILED);
  return withMetadata(blob, metadata, scale);
}
