// Heat image: a grid of values as colours, one pixel per value, drawn over a box of the canvas.

export const OPAQUE = 255 << 24; // a black pixel; in a mask, a cell that is marked

/** The packed colour at a share of a scale of 256; NaN has no colour and stays transparent. */
export function colourAt(colours, share) {
  return Number.isNaN(share) ? 0 : colours[Math.min(255, Math.max(0, Math.round(share * 255)))];
}

/** A packed colour in CSS. */
export function cssOfPacked(colour) {
  return `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`;
}

/** An image of `columns` by `rows` pixels, the first row at the bottom; `colourOf(index)` is a packed colour, or 0. */
export function heatImage({ columns, rows }, colourOf) {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row++) {
    // The first row of an image is at the top.
    const target = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) pixels[target + column] = colourOf(row * columns + column);
  }
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/**
 * Draw a heat image over the box, smooth or as cells. Grid points are the centres of pixels. The outermost ones lie on
 * the edge of the box, so half a pixel is cut off on each side.
 */
export function drawHeatImage(context, image, { left, top, width, height }, { smooth }) {
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0.5, 0.5, image.width - 1, image.height - 1, left, top, width, height);
}
