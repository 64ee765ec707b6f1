// GIF worker: encodes pictures as a GIF in a thread of its own. All pictures share one table of colours, so that the
// background does not flicker, and a pixel that does not change is transparent, which makes the file small. Smooth shades
// are dithered: gifenc distinguishes 32 levels of red and blue, and the steps between them would look like contours.

import { GIFEncoder, applyPalette, nearestColorIndex, quantize } from "../../../vendor/gifenc/gifenc.esm.js";

const COLOURS = 255; // and one for pixels that stay as they are
const LEVELS = [8, 4, 8]; // values of red, green and blue in one of gifenc's levels
const KEEP = 1; // the way to dispose of a picture: the next one is drawn over it
// Bayer's matrix of 4 x 4 pixels: the order in which they take the next level.
const ORDER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
// Added to a colour: from minus to plus half a level.
const DITHER = ORDER.map((place) => ((place + 0.5) / ORDER.length - 0.5) * LEVELS[0]);

const encoder = GIFEncoder();
let palette = null;
let before = null;

/** Choose the colours of all pictures by some of them. */
function choosePalette(samples) {
  const pixels = new Uint8Array(samples.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const sample of samples) {
    pixels.set(new Uint8Array(sample), at);
    at += sample.byteLength;
  }
  palette = quantize(pixels, COLOURS);
}

/** The pixels that differ from those of the picture before; all of the first picture. */
function changedPlaces(pixels) {
  const places = new Uint32Array(pixels.length);
  let count = 0;
  for (let k = 0; k < pixels.length; k++) if (!before || pixels[k] !== before[k]) places[count++] = k;
  return places.subarray(0, count);
}

/**
 * The colours of some pixels with a pattern that depends on their place alone, so that a colour that stays looks the same
 * in all pictures. They are in the middle of their levels, because gifenc treats all colours of a level as the first one.
 */
function ditheredColours(bytes, places, width) {
  const found = new Uint8Array(4 * places.length);
  places.forEach((place, k) => {
    const row = Math.floor(place / width);
    const add = DITHER[((row & 3) << 2) | ((place - row * width) & 3)];
    for (let c = 0; c < 3; c++) {
      const value = Math.min(255, Math.max(0, bytes[4 * place + c] + add));
      found[4 * k + c] = value - (value % LEVELS[c]) + LEVELS[c] / 2;
    }
    found[4 * k + 3] = 255;
  });
  return found;
}

/** Places in the table of some pixels' colours. The paper, which is in the corner, is one plain colour. */
function indicesOf(pixels, places, width) {
  const bytes = new Uint8Array(pixels.buffer);
  const paper = nearestColorIndex(palette, [...bytes.subarray(0, 3)]);
  const found = applyPalette(ditheredColours(bytes, places, width), palette);
  return found.map((index, k) => (pixels[places[k]] === pixels[0] ? paper : index));
}

/** Add a picture; pixels that did not change are transparent. */
function addPicture({ buffer, width, height, delay }) {
  const pixels = new Uint32Array(buffer);
  const places = changedPlaces(pixels);
  const found = indicesOf(pixels, places, width);
  const transparentIndex = palette.length;
  const indices = new Uint8Array(pixels.length).fill(transparentIndex);
  places.forEach((place, k) => (indices[place] = found[k]));
  // The table of the first picture is that of the file, and it needs a place for the transparent colour.
  const table = before ? undefined : [...palette, [0, 0, 0]];
  const transparent = before !== null;
  encoder.writeFrame(indices, width, height, { palette: table, delay, transparent, transparentIndex, dispose: KEEP });
  before = pixels;
}

function finish() {
  encoder.finish();
  return encoder.bytes();
}

const TASKS = { choosePalette, addPicture, finish };

// A task is answered by its result, so that the page knows when it may send the next picture.
addEventListener("message", ({ data: { name, given } }) => postMessage(TASKS[name](given) ?? null));
