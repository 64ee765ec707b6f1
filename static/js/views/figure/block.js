// Block: a part of a figure with its size. Blocks are put next to each other and below each other.

import { moved } from "./markup.js";

/** @typedef {{width: number, height: number, markup: string}} Block */

/** Blocks from left to right. @param {Block[]} blocks @returns {Block} */
export function rowOf(blocks, gap) {
  let x = 0;
  const parts = blocks.map((block) => {
    const part = moved(block.markup, x, 0);
    x += block.width + gap;
    return part;
  });
  return { width: x - gap, height: Math.max(...blocks.map(({ height }) => height)), markup: parts.join("") };
}

/** Blocks from top to bottom. @param {Block[]} blocks @returns {Block} */
export function columnOf(blocks, gap) {
  let y = 0;
  const parts = blocks.map((block) => {
    const part = moved(block.markup, 0, y);
    y += block.height + gap;
    return part;
  });
  return { width: Math.max(...blocks.map(({ width }) => width)), height: y - gap, markup: parts.join("") };
}

/** A block with room around it. @param {Block} block @returns {Block} */
export function framed({ width, height, markup }, margin) {
  return { width: width + 2 * margin, height: height + 2 * margin, markup: moved(markup, margin, margin) };
}
