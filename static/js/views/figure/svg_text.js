// SVG text: a text of a canvas as an element, so that it stays text in the file.

import { escapeText, plainColour, rounded, tag } from "./markup.js";

const ANCHORS = { center: "middle", right: "end", end: "end" };
let canvas = null;

/** A context that measures texts in a font. */
export function measuringContext(font) {
  canvas ??= document.createElement("canvas").getContext("2d");
  canvas.font = font;
  canvas.textBaseline = "alphabetic";
  return canvas;
}

/** How far a font's baseline is below a place that is at its "top", "middle" or "bottom". */
function baselineShift(font, baseline) {
  const context = measuringContext(font);
  const alphabetic = context.measureText("x").actualBoundingBoxAscent;
  context.textBaseline = baseline;
  const shift = alphabetic - context.measureText("x").actualBoundingBoxAscent;
  context.textBaseline = "alphabetic";
  return shift;
}

/** A canvas font, such as "600 13px Inter, sans-serif", as attributes. */
function fontAttributes(font) {
  const [, weight, size, family] = /^(?:(\d+|bold) )?([\d.]+)px (.+)$/.exec(font);
  return { "font-family": family, "font-size": rounded(Number(size)), "font-weight": weight };
}

/** A text with the settings of a context; a text that is wider than `most` is made narrower. */
export function textElement({ font, fillStyle, globalAlpha, textAlign, textBaseline }, text, [x, y], most = Infinity) {
  const { width } = measuringContext(font).measureText(text);
  const attributes = {
    x: rounded(x),
    y: rounded(y + baselineShift(font, textBaseline)),
    ...fontAttributes(font),
    fill: plainColour(fillStyle),
    "fill-opacity": globalAlpha < 1 ? globalAlpha : undefined,
    "text-anchor": ANCHORS[textAlign],
    textLength: width > most ? rounded(most) : undefined,
    lengthAdjust: width > most ? "spacingAndGlyphs" : undefined,
  };
  return tag("text", attributes, escapeText(text));
}
