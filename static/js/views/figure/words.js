// Words of a figure: its headline, the key of its lines, and its caption, as blocks of text.

import { catalogue } from "../../state/scene/catalogue.js";
import { fitContext } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { fillDisc, strokeLine } from "../canvas/stroke.js";
import { rowOf } from "./block.js";
import { drawStartRing, RADIUS } from "../paths/start_ring.js";
import { svgDrawing } from "./svg_context.js";
import { measuringContext } from "./svg_text.js";

const SAMPLE = 34; // pixels of the line of a run in a key
const LEADING = 1.4;

/** The lines of a text in a font, none wider than `width` unless a single word is. */
export function wrapText(text, font, width) {
  const context = measuringContext(font);
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (lines.at(-1) && context.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** The line of a run as a figure draws it, at a height. */
function drawSample(context, run, y) {
  const style = runStyles()[run];
  strokeLine(context, [0, y], [SAMPLE, y], { colour: style.fill, width: 2, dash: style.dash });
  context.fillStyle = style.fill;
  if (style.marker === "square") context.fillRect(SAMPLE / 2 - 3, y - 3, 6, 6);
  else fillDisc(context, [SAMPLE / 2, y], 3.2, style.fill);
}

/** A text in lines below each other, after the line of a `run` if one is given. */
export function textBlock(text, width, { size, weight = 400, colour, run = "" }) {
  const font = `${weight} ${size}px ${runStyles().font}`;
  const left = run ? SAMPLE + 8 : 0;
  const lines = wrapText(text, font, width - left);
  // Whole pixels, so that what is below is as sharp as here.
  const height = Math.ceil(lines.length * size * LEADING);
  const drawing = svgDrawing(width, height, 1);
  const { context } = drawing;
  if (run) drawSample(context, run, (size * LEADING) / 2);
  Object.assign(context, { font, fillStyle: colour, textBaseline: "middle" });
  lines.forEach((line, k) => context.fillText(line, left, (k + 0.5) * size * LEADING));
  return { width, height, markup: drawing.markup() };
}

/** The ring of the start with its name. */
function startKey(font, { ink, size }) {
  const text = "Start";
  const width = 2 * RADIUS + 10 + measuringContext(font).measureText(text).width;
  const drawing = svgDrawing(width, Math.ceil(size * LEADING), 1);
  const { context, height } = drawing;
  drawStartRing(context, [RADIUS + 1, height / 2], "none");
  Object.assign(context, { font, fillStyle: ink, textBaseline: "middle" });
  context.fillText(text, 2 * RADIUS + 8, height / 2);
  return { width, height, markup: drawing.markup() };
}

/** The number of the current step, at the right end of a row. @returns {import("./block.js").Block} */
export function stepCounter(steps, width) {
  const { size } = runStyles();
  const height = Math.ceil(size * LEADING);
  const draw = (canvas, step) => {
    const context = fitContext(canvas);
    const { muted, font } = runStyles();
    Object.assign(context, { font: `400 ${size}px ${font}`, fillStyle: muted });
    Object.assign(context, { textAlign: "right", textBaseline: "middle" });
    context.fillText(`step ${Math.floor(step)} of ${steps}`, width, (size * LEADING) / 2, width);
  };
  return { width, height, markup: "", moving: [{ x: 0, y: 0, width, height, draw }] };
}

/** The lines of the runs with their names, in one row, and with `start` its ring. */
export function runKey(runs, { start = false } = {}) {
  const styles = runStyles();
  const { ink, size } = styles;
  const font = `400 ${size}px ${styles.font}`;
  const blocks = runs.map(({ run }) => {
    const label = catalogue.run_labels[run];
    const width = SAMPLE + 12 + measuringContext(font).measureText(label).width;
    return textBlock(label, width, { size, colour: ink, run });
  });
  return rowOf(start ? [...blocks, startKey(font, styles)] : blocks, 20);
}
