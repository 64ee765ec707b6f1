// Outcomes block: the outcome map of a figure, a picture per run, with the key of its colours.

import { catalogue } from "../../state/scene/catalogue.js";
import { runsOf } from "../../state/scene/lookup.js";
import { axisLabel } from "../../state/scene/sweep_axes.js";
import { percent } from "../../state/runs/outcomes.js";
import { intervalText } from "../../state/runs/share_interval.js";
import { cssOfPacked } from "../canvas/heat_image.js";
import { inTheme, runStyles } from "../canvas/run_style.js";
import { outcomeColour } from "../outcomes/outcome_colours.js";
import { scaleEnds } from "../outcomes/outcome_legend.js";
import { drawOverlay } from "../outcomes/outcome_overlay.js";
import { drawOutcomes } from "../outcomes/outcome_picture.js";
import { columnOf, rowOf } from "./block.js";
import { svgDrawing } from "./svg_context.js";
import { measuringContext } from "./svg_text.js";

const GAP = 16;
const PATCH = 12; // pixels of the sides of a colour's sample
const BAR = 96; // pixels of the length of a scale's bar

/** A sample of a colour, with a pattern over it or none. */
function drawPatch(context, [x, y], { colour, pattern }) {
  const { line, ink } = runStyles();
  if (colour) {
    context.fillStyle = colour;
    context.fillRect(x, y, PATCH, PATCH);
  }
  Object.assign(context, { strokeStyle: line, lineWidth: 1 });
  context.strokeRect(x, y, PATCH, PATCH);
  Object.assign(context, { strokeStyle: ink, fillStyle: ink, lineWidth: 0.8 });
  if (pattern === "hatched") {
    context.beginPath();
    for (const [a, b, c, d] of [
      [0, 6, 6, 0],
      [0, PATCH, PATCH, 0],
      [6, PATCH, PATCH, 6],
    ]) {
      context.moveTo(x + a, y + b);
      context.lineTo(x + c, y + d);
    }
    context.stroke();
  }
  if (pattern === "dotted") for (const at of [3, 8]) context.fillRect(x + at, y + at, 1.5, 1.5);
}

/** A share of the `cells` with their number and its interval: a figure has no tooltips. */
function shareWords(share, cells) {
  return `${percent(share)} of ${cells.toLocaleString("en")} cells (${intervalText(share, cells, 3)})`;
}

/** What the key names: every outcome, and the patterns that cells have. */
function keyItems({ outcomes, scene }, hatched) {
  const items = catalogue.outcomes.map((name) => ({
    colour: outcomeColour(name),
    label: catalogue.outcome_labels[name],
  }));
  const uncertain = Math.max(0, ...runsOf(scene).map((run) => outcomes.uncertain[run] ?? 0));
  const cells = outcomes.columns * outcomes.rows;
  if (hatched) items.push({ pattern: "hatched", label: `the two runs differ: ${shareWords(outcomes.differ, cells)}` });
  if (uncertain) items.push({ pattern: "dotted", label: `uncertain: ${shareWords(uncertain, cells)}` });
  return items;
}

/** Colours and patterns with their names, in as many rows as they need. */
function outcomeKey(items, width) {
  const { ink, font, size } = runStyles();
  const style = `400 ${size}px ${font}`;
  const height = size * 1.6;
  let [x, row] = [0, 0];
  const placed = items.map((item) => {
    const own = PATCH + 6 + measuringContext(style).measureText(item.label).width;
    if (x && x + own > width) [x, row] = [0, row + 1];
    const place = { ...item, x, y: row * height };
    x += own + 18;
    return place;
  });
  const drawing = svgDrawing(width, (row + 1) * height, 1);
  const { context } = drawing;
  for (const item of placed) {
    drawPatch(context, [item.x, item.y + (height - PATCH) / 2], item);
    Object.assign(context, { font: style, fillStyle: ink, textBaseline: "middle", textAlign: "left" });
    context.fillText(item.label, item.x + PATCH + 6, item.y + height / 2);
  }
  return { width, height: drawing.height, markup: drawing.markup() };
}

/** The bar of a scale's colours between its two ends in words. */
function scaleKey(scale, quantity, width) {
  const { ink, font, size } = runStyles();
  const drawing = svgDrawing(width, size * 1.6, 1);
  const { context, height } = drawing;
  const [low, high] = scaleEnds(scale, quantity);
  Object.assign(context, { font: `400 ${size}px ${font}`, fillStyle: ink, textBaseline: "middle" });
  context.fillText(low, 0, height / 2);
  const left = context.measureText(low).width + 8;
  context.fillText(high, left + BAR + 8, height / 2);
  for (let k = 0; k < BAR; k++) {
    context.fillStyle = cssOfPacked(scale.colours[Math.floor((k * 256) / BAR)]);
    context.fillRect(left + k, (height - PATCH) / 2, 1.5, PATCH);
  }
  return { width, height, markup: drawing.markup() };
}

/** What the page's map shows now; a share of starts needs several of them per cell. */
function shownOf({ outcomes, scene, outcomesShown }) {
  const { quantity, hatched } = outcomesShown ?? { quantity: "outcome", hatched: false };
  return {
    quantity: quantity === "converged" && scene.cloud <= 1 ? "outcome" : quantity,
    hatched: hatched && runsOf(scene).length > 1 && outcomes.differ > 0,
  };
}

function drawMaps({ state, runs, step }, { width, height, scale }) {
  const { outcomes, scene, slice } = state;
  const { quantity, hatched } = shownOf(state);
  const names = outcomes.axes.map(({ name }) => axisLabel(scene, name, slice));
  const shown = runsOf(scene);
  const own = (width - (shown.length - 1) * GAP) / shown.length;
  let colours = null;
  const pictures = shown.map((run) => {
    const [picture, overlay] = [0, 1].map(() => svgDrawing(own, height, scale));
    colours = drawOutcomes(picture.canvas, outcomes, run, quantity, { names, ids: catalogue.outcomes, hatched });
    const item = runs.find((one) => one.run === run);
    drawOverlay(overlay.canvas, state, item, step);
    return { width: own, height, markup: picture.markup() + overlay.markup() };
  });
  const key = colours ? scaleKey(colours, quantity, width) : outcomeKey(keyItems(state, hatched), width);
  return columnOf([rowOf(pictures, GAP), key], 8);
}

/** The pictures of the runs with the key of their colours, in a size. */
export const outcomesBlock = (shown, size) => inTheme(size.theme, () => drawMaps(shown, size));
