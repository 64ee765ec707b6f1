// Curves block: the curves of a figure, next to each other.

import { thresholdOf } from "../../state/scene/lookup.js";
import { hasMemory } from "../../state/runs/trajectories.js";
import { inTheme, runStyles } from "../canvas/run_style.js";
import { strokeLine } from "../canvas/stroke.js";
import { CURVES, drawCurve, THRESHOLD_STYLE, thresholdText } from "../curves/curves.js";
import { columnOf, rowOf } from "./block.js";
import { svgDrawing } from "./svg_context.js";

const GAP = 14;
const BELOW = 20; // pixels for the name of the axis
const SAMPLE = 24; // pixels of the threshold's line next to its name

/** Below a curve: the name of its axis, and the line of the threshold if it has one. */
function axisBlock(scale, threshold, width) {
  const { muted, ink, font, size } = runStyles();
  const drawing = svgDrawing(width, BELOW, 1);
  const { context } = drawing;
  const { left, right } = scale.box;
  Object.assign(context, { font: `${size * 0.9}px ${font}`, fillStyle: muted, textBaseline: "middle" });
  context.textAlign = threshold ? "right" : "center";
  context.fillText("step", threshold ? right : (left + right) / 2, BELOW / 2);
  if (threshold) {
    strokeLine(context, [left, BELOW / 2], [left + SAMPLE, BELOW / 2], { colour: ink, ...THRESHOLD_STYLE });
    context.textAlign = "left";
    context.fillText(thresholdText(threshold), left + SAMPLE + 6, BELOW / 2);
  }
  return { width, height: BELOW, markup: drawing.markup() };
}

function curveBlock(curve, { state: { scene }, runs, step }, { width, height, scale }) {
  const drawing = svgDrawing(width, height - BELOW, scale);
  const { value, curve: bounded } = thresholdOf(scene);
  const threshold = curve.name === bounded ? value : 0;
  const options = { runs, steps: scene.steps, step, threshold, controls: false };
  const axes = drawCurve(drawing.canvas, curve, options);
  return columnOf([{ ...drawing, markup: drawing.markup() }, axisBlock(axes, threshold, width)], 0);
}

/** The curves in rows, each of the given height. */
export function curvesBlock(shown, { width, height, scale, theme }) {
  const curves = CURVES.filter(({ optional }) => !optional || hasMemory(shown.runs));
  const columns = curves.length > 3 ? 2 : 3;
  const own = (width - (columns - 1) * GAP) / columns;
  const size = { width: own, height, scale };
  const blocks = inTheme(theme, () => curves.map((curve) => curveBlock(curve, shown, size)));
  const rows = [];
  while (blocks.length) rows.push(rowOf(blocks.splice(0, columns), GAP));
  return columnOf(rows, GAP);
}
