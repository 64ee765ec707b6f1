// The lens on the page: at the current step, the step against the gradient before and after the clip, beside the
// threshold as a circle and as a square.

import { entryOf, thresholdOf } from "../../state/scene/lookup.js";
import { cancels } from "../../state/runs/clipping_bias.js";
import { stepOf } from "../../state/runs/step.js";
import { formatNumber } from "../../state/numbers.js";
import { byId } from "../elements/dom.js";
import { prepared } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";

const REACH = 0.42; // of the canvas: where an arrow that is too long is cut
const HEAD = 9; // pixels: a shorter arrow is all head, and a dot says more
const RING = 4; // pixels
const FLAT = 0.05; // degrees below which nothing turned

function drawArrow(context, [x, y], look, { dashed, cut }) {
  const length = Math.hypot(x, y);
  if (!(length > 0)) return;
  const [ux, uy] = [x / length, y / length];
  context.strokeStyle = context.fillStyle = look.fill;
  if (length < HEAD) {
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    return void context.fill();
  }
  context.lineWidth = dashed ? 1.5 : 2.5;
  context.setLineDash(dashed ? [4, 3] : []);
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
  // An arrow that goes on beyond the lens ends in two bars instead of a head.
  context.beginPath();
  if (cut) {
    for (const back of [0, 4]) {
      context.moveTo(x - ux * back - uy * 5, y - uy * back + ux * 5);
      context.lineTo(x - ux * back + uy * 5, y - uy * back - ux * 5);
    }
    context.stroke();
    return;
  }
  context.moveTo(x, y);
  context.lineTo(x - ux * 8 - uy * 4, y - uy * 8 + ux * 4);
  context.lineTo(x - ux * 8 + uy * 4, y - uy * 8 - ux * 4);
  context.fill();
}

/**
 * Against the gradient, upwards on the screen as on the map.
 * @returns {{at: [number, number], cut: boolean}}
 */
function pixels([gx, gy], scale, reach) {
  const [x, y] = [-gx * scale, gy * scale];
  const length = Math.hypot(x, y);
  const cut = length > reach;
  return { at: cut ? [(x / length) * reach, (y / length) * reach] : [x, y], cut };
}

/** A square may be turned, by so many degrees against the clock. */
function drawThreshold(context, radius, square, angle) {
  const { ink, muted } = runStyles();
  context.lineWidth = 1.25;
  for (const [shape, strong] of [
    ["circle", !square],
    ["square", square],
  ]) {
    context.strokeStyle = strong ? ink : muted;
    context.globalAlpha = strong ? 1 : 0.35;
    context.beginPath();
    context.save();
    context.rotate((-angle * Math.PI) / 180);
    if (shape === "circle") context.arc(0, 0, radius, 0, 2 * Math.PI);
    else context.rect(-radius, -radius, 2 * radius, 2 * radius);
    context.stroke();
    context.restore();
  }
  context.globalAlpha = 1;
}

/**
 * Where the step goes that is taken: a ring, at the step divided by the learning rate, so that it lies on the clipped
 * arrow's tip where the optimizer is gradient descent; of an optimizer without one, at the rim, for its direction alone.
 */
function drawStep(context, [dx, dy], rate, scale, reach, look) {
  const length = Math.hypot(dx, dy);
  if (!(length > 0 && length < Infinity)) return;
  const size = rate ? scale / rate : (2 * reach) / length;
  const { at } = pixels([-dx, -dy], size, reach);
  context.beginPath();
  context.arc(...at, RING, 0, 2 * Math.PI);
  context.fillStyle = runStyles().paper;
  context.globalAlpha = 0.7;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = look.fill;
  context.lineWidth = 1.75;
  context.stroke();
}

/** Every example's gradient faintly, and the clip of their mean: what the mean of clipped minibatches is held against. */
function drawExamples(context, { examples, whole }, scale, reach, threshold) {
  const { muted, ink } = runStyles();
  context.globalAlpha = 0.45;
  for (const example of examples) {
    const { at, cut } = pixels(example, scale, reach);
    drawArrow(context, at, { fill: muted }, { dashed: false, cut });
  }
  context.globalAlpha = 1;
  if (!threshold) return;
  const { at, cut } = pixels(whole, scale, reach);
  drawArrow(context, at, { fill: ink }, { dashed: true, cut });
}

/** What the clip did to the direction. Of clipped minibatches the mean is what goes on. */
function turnWords(clipped, threshold, bias) {
  if (!threshold || !clipped) return "";
  if (!bias) return clipped.turned > FLAT ? `turned by ${formatNumber(clipped.turned)}°` : "";
  if (cancels(clipped.clipped, clipped.norm)) return "Clipped minibatches cancel";
  return `Clipped minibatches: off by ${clipped.turned.toFixed(1)}°`;
}

/** What one run's clip was given. Where it acts on the step, the run without a clip is compared by its step too. */
function given(trajectory, run, step, onStep) {
  const seen = stepOf(trajectory, step);
  if (seen === null || !onStep || run === "with") return { run, ...seen };
  const raw = seen.step.map((part) => -part);
  return { run, ...seen, raw, norm: Math.hypot(...raw) };
}

export function lensView(catalogue) {
  const [figure, canvas, words, legend] = ["lens", "lens-canvas", "lens-words", "lens-legend"].map(byId);
  return {
    /** `bias` is what minibatches make of the gradient, of a loss made of examples, else null. */
    draw({ scene }, runs, step, bias) {
      const { value: threshold, shape } = thresholdOf(scene);
      const onStep = entryOf("clip", scene.clip.kind).acts_on === "step" && scene.runs !== "without";
      // Where steps are shown, gradients of examples have no place.
      const examples = onStep ? null : bias;
      const seen = runs.map(({ run, trajectory }) => given(trajectory, run, step, onStep));
      const known = seen.filter(({ norm }) => Number.isFinite(norm));
      // Gone, it would pull up the curves into which one points.
      figure.classList.toggle("unseen", !known.length);
      if (!known.length) return;
      figure.classList.toggle("minibatches", Boolean(examples?.here));
      legend.hidden = !examples?.here;
      const context = prepared(canvas);
      const size = canvas.clientWidth;
      const reach = REACH * size;
      context.translate(size / 2, size / 2);
      // A threshold fills half the lens; without one, the longest gradient fills it.
      const longest = Math.max(...known.map(({ norm }) => norm), 1e-300);
      const scale = threshold ? (0.5 * reach) / threshold : reach / longest;
      if (threshold) drawThreshold(context, threshold * scale, shape === "square", scene.clip.angle ?? 0);
      if (examples?.here) drawExamples(context, examples, scale, reach, threshold);
      for (const { run, raw, clipped } of known) {
        const before = pixels(raw, scale, reach);
        drawArrow(context, before.at, runStyles()[run], { dashed: true, cut: before.cut });
        const after = pixels(clipped, scale, reach);
        if (run === "with" && Number.isFinite(after.at[0]))
          drawArrow(context, after.at, runStyles()[run], { dashed: false, cut: after.cut });
      }
      const rate = onStep ? 1 : (scene.optimizer.learning_rate ?? 0);
      for (const { run, step: taken } of known) drawStep(context, taken, rate, scale, reach, runStyles()[run]);
      const clipped = known.find(({ run }) => run === "with");
      const text = turnWords(clipped, threshold, examples);
      if (words.textContent !== text) words.textContent = text;
    },
  };
}
