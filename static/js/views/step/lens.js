// Lens: the gradient before and after the clip at the current step, the step itself, and the threshold as the unit ball
// of the clip's norm: a circle, a square or a diamond.

import { entryOf, isCurve, surfaceOf, thresholdOf } from "../../state/scene/lookup.js";
import { cancels } from "../../state/runs/clipping_bias.js";
import { stepOf } from "../../state/runs/step.js";
import { formatAngle, formatNumber } from "../../state/numbers.js";
import { fitContext } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { stroke } from "../canvas/stroke.js";
import { byId } from "../elements/dom.js";
import { drawArrow, drawRing, tipOf } from "./arrow.js";

const REACH = 0.46; // radius at which a long arrow is cut off, as a share of the canvas
const BALL = 0.75; // radius of the threshold, as a share of that; the corners of its square are on the canvas
const SECOND = 2; // a second threshold may be larger by this factor
const RING = 4; // pixels
const BOUND = 14; // half the length of a mark, in pixels
const FLAT = 0.05; // degrees: a smaller angle is shown as no rotation

/**
 * Trace a threshold: a circle for the Euclidean norm, a diamond for the 1-norm, a square for the maximum norm and for
 * values. A square may be rotated counterclockwise, in degrees.
 */
function traceThreshold(context, radius, shape, angle) {
  context.beginPath();
  if (shape === "circle") return context.arc(0, 0, radius, 0, 2 * Math.PI);
  if (shape === "diamond") return traceDiamond(context, radius);
  context.save();
  // On a canvas a positive angle is clockwise.
  context.rotate((-angle * Math.PI) / 180);
  context.rect(-radius, -radius, 2 * radius, 2 * radius);
  context.restore();
}

/** Trace the points of one 1-norm: a square that stands on a corner. */
function traceDiamond(context, radius) {
  context.moveTo(radius, 0);
  context.lineTo(0, radius);
  context.lineTo(-radius, 0);
  context.lineTo(0, -radius);
  context.closePath();
}

/** A loss of one parameter has gradients on a line, on which a threshold is two marks. */
function drawBounds(context, values, scale) {
  context.beginPath();
  for (const value of values)
    for (const side of [-1, 1]) {
      context.moveTo(side * value * scale, -BOUND);
      context.lineTo(side * value * scale, BOUND);
    }
  stroke(context, { width: 1.25, colour: runStyles().ink, dash: [] });
}

/**
 * Draw the threshold of the clip. A clip of two rules has the threshold of its first rule, dashed. For any other clip
 * a circle is drawn faintly, or a square if it is a circle, to compare clipping by norm and by value.
 */
function drawThreshold(context, { value, shape, first }, scale, angle, curve) {
  const { ink, muted } = runStyles();
  if (curve) return drawBounds(context, first ? [value, first.value] : [value], scale);
  const other = first
    ? { ...first, colour: ink, alpha: 1, dash: [5, 3] }
    : { value, shape: shape === "circle" ? "square" : "circle", colour: muted, alpha: 0.35, dash: [] };
  for (const one of [other, { value, shape, colour: ink, alpha: 1, dash: [] }]) {
    traceThreshold(context, one.value * scale, one.shape, angle);
    stroke(context, { width: 1.25, ...one });
  }
}

/**
 * A ring at the step divided by the learning rate, which for gradient descent is the clipped arrow's tip. Without a
 * learning rate the ring is at the rim, for the step's direction alone.
 */
function drawStep(context, [dx, dy], rate, { scale, reach }, colour) {
  const length = Math.hypot(dx, dy);
  if (!(length > 0 && length < Infinity)) return;
  const { at } = tipOf([-dx, -dy], rate ? scale / rate : (2 * reach) / length, reach);
  drawRing(context, at, RING, colour, runStyles().paper);
}

/** Gradients of the examples, faintly, and the clip of their mean, to compare with the mean of clipped minibatches. */
function drawExamples(context, { examples, clipped_gradient }, { scale, reach }, threshold) {
  const { muted, ink } = runStyles();
  context.globalAlpha = 0.45;
  for (const example of examples) drawArrow(context, tipOf(example, scale, reach), muted, { dashed: false });
  context.globalAlpha = 1;
  if (threshold) drawArrow(context, tipOf(clipped_gradient, scale, reach), ink, { dashed: true });
}

/** One run's gradient before the clip (dashed) and after it (solid). */
function drawGradient(context, { run, raw, clipped }, { scale, reach }) {
  const { fill } = runStyles()[run];
  drawArrow(context, tipOf(raw, scale, reach), fill, { dashed: true });
  const after = tipOf(clipped, scale, reach);
  if (run === "with" && Number.isFinite(after.at[0])) drawArrow(context, after, fill, { dashed: false });
}

/** The angle between the gradient and the clipped gradient, or the mean of clipped minibatches. */
function turnWords(clipped, threshold, bias) {
  if (!threshold || !clipped) return "";
  if (!bias) return clipped.angle > FLAT ? `rotated ${formatNumber(clipped.angle)}°` : "";
  if (cancels(clipped.clipped, clipped.norm)) return "Clipped minibatches cancel";
  return `Clipped minibatches: off by ${formatAngle(clipped.angle)}`;
}

/** One run's step. If the clip acts on steps, the lens shows steps for the run without clipping too. */
function inputOf({ run, trajectory }, step, onStep) {
  const one = stepOf(trajectory, step);
  if (one === null || !onStep || run === "with") return { run, ...one };
  // Arrows point against their gradient, so a step is drawn as the gradient that it goes against.
  const raw = one.step.map((part) => -part);
  return { run, ...one, raw, norm: Math.hypot(...raw) };
}

/**
 * Pixels per unit, and the length at which arrows are cut off. The threshold has a fixed share of that length, and without
 * a threshold the longest arrow has that length.
 */
function scaleOf(canvas, inputs, threshold) {
  const reach = REACH * canvas.clientWidth;
  const longest = Math.max(...inputs.map(({ norm }) => norm), 1e-300);
  const ball = Math.min(Math.max(threshold.value, threshold.first?.value ?? 0), SECOND * threshold.value);
  return { reach, scale: ball ? (BALL * reach) / ball : reach / longest };
}

/** Draw the steps `inputs` of the runs, and the gradients of `examples` where there are any. */
function drawLens(canvas, inputs, { threshold, angle, examples, rate, curve }) {
  const context = fitContext(canvas);
  context.translate(canvas.clientWidth / 2, canvas.clientWidth / 2);
  const scale = scaleOf(canvas, inputs, threshold);
  if (threshold.value) drawThreshold(context, threshold, scale.scale, angle, curve);
  if (examples) drawExamples(context, examples, scale, threshold.value);
  for (const input of inputs) drawGradient(context, input, scale);
  for (const { run, step } of inputs) drawStep(context, step, rate, scale, runStyles()[run].fill);
}

export function lensView() {
  const [figure, canvas, words, legend] = ["lens", "lens-canvas", "lens-words", "lens-legend"].map(byId);
  return {
    /** `bias` is the bias of minibatches at the current step, null for a loss without examples. */
    draw({ scene }, runs, step, bias) {
      const threshold = thresholdOf(scene);
      const onStep = entryOf("clip", scene.clip.kind).acts_on === "step" && scene.runs !== "without";
      // Gradients of examples and steps have different units.
      const minibatches = onStep ? null : bias;
      const examples = minibatches?.here ? minibatches : null;
      const inputs = runs.map((run) => inputOf(run, step, onStep)).filter(({ norm }) => Number.isFinite(norm));
      // Invisible, not hidden: otherwise the curves below would move up under the pointer.
      figure.classList.toggle("unseen", !inputs.length);
      if (!inputs.length) return;
      figure.classList.toggle("minibatches", Boolean(examples));
      legend.hidden = !examples;
      const rate = onStep ? 1 : (scene.optimizer.learning_rate ?? 0);
      const curve = isCurve(surfaceOf(scene));
      drawLens(canvas, inputs, { threshold, angle: scene.clip.angle ?? 0, examples, rate, curve });
      const clipped = inputs.find(({ run }) => run === "with");
      const text = turnWords(clipped, threshold.value, minibatches);
      if (words.textContent !== text) words.textContent = text;
    },
  };
}
