// Block: a part of a figure with its size. Blocks are put next to each other and below each other.

import { svgDrawing } from "./svg_context.js";
import { moved } from "./markup.js";

/**
 * What a block draws over its markup at a step, in the colours of the current theme. `draw` takes any object with the
 * methods of a canvas that the views use.
 * @typedef {{x: number, y: number, width: number, height: number, draw: (canvas: any, step: number) => void}} Moving
 */
/** @typedef {{width: number, height: number, markup: string, moving?: Moving[]}} Block */

/** Markup and moving parts of a block at a place. @param {Block} block */
function placed({ markup, moving = [] }, x, y) {
  return { markup: moved(markup, x, y), moving: moving.map((one) => ({ ...one, x: one.x + x, y: one.y + y })) };
}

/** Placed blocks as one. */
function joint(parts, width, height) {
  return {
    width,
    height,
    markup: parts.map(({ markup }) => markup).join(""),
    moving: parts.flatMap((one) => one.moving),
  };
}

/** Blocks from left to right. @param {Block[]} blocks @returns {Block} */
export function rowOf(blocks, gap) {
  let x = 0;
  const parts = blocks.map((block) => {
    const part = placed(block, x, 0);
    x += block.width + gap;
    return part;
  });
  return joint(parts, x - gap, Math.max(...blocks.map(({ height }) => height)));
}

/** Blocks from top to bottom. @param {Block[]} blocks @returns {Block} */
export function columnOf(blocks, gap) {
  let y = 0;
  const parts = blocks.map((block) => {
    const part = placed(block, 0, y);
    y += block.height + gap;
    return part;
  });
  return joint(parts, Math.max(...blocks.map(({ width }) => width)), y - gap);
}

/** A block with room around it. @param {Block} block @returns {Block} */
export function framed(block, margin) {
  return joint([placed(block, margin, margin)], block.width + 2 * margin, block.height + 2 * margin);
}

/** The markup of a block with its moving parts at a step; images have `scale` pixels per unit. @param {Block} block */
export function markupAt({ markup, moving = [] }, step, scale) {
  const parts = moving.map(({ x, y, width, height, draw }) => {
    const drawing = svgDrawing(width, height, scale);
    draw(drawing.canvas, step);
    return moved(drawing.markup(), x, y);
  });
  return markup + parts.join("");
}
