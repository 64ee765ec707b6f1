// Step profile: the loss along the step of each run, with the line and the parabola that slope and curvature predict.
// Distances are on a log scale, since a cliff may be a thousand times narrower than the step.

import { catalogue } from "../../state/scene/catalogue.js";
import { signature } from "../../state/scene/dependencies.js";
import { surfaceOf } from "../../state/scene/lookup.js";
import { stepProfile } from "../../state/runs/step_profile.js";
import { formatNumber, tickText } from "../../state/numbers.js";
import { drawHorizontalAxis, drawVerticalAxis, traceLine } from "../canvas/axes.js";
import { drawWithin, fitContext } from "../canvas/context.js";
import { boxWithin } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { stroke, strokeLine } from "../canvas/stroke.js";
import { decadeLabel, decadeTicks, linearTicks } from "../canvas/ticks.js";
import { byId } from "../elements/dom.js";

const MARGIN = { left: 56, right: 12, top: 26, bottom: 40 };
const POWERS = 5; // smallest number of powers of ten on the axis of distances
const FLAT = 1e-2; // share of the loss: if the loss varies less, the axis shows its change
const ROOM = 0.12; // share of the loss's range that stays free above and below
const END = 0.98; // share of the step's length: a minimum beyond it is the end of the step

function scaleOf(canvas, profile) {
  const end = Math.log10(profile.length);
  const first = Math.min(end - POWERS, Math.floor(Math.log10(profile.linear_until)));
  const shown = profile.losses.filter((loss, k) => Number.isFinite(loss) && profile.distances[k] >= 10 ** first);
  const [low, high] = [Math.min(profile.loss, ...shown), Math.max(profile.loss, ...shown)];
  const room = ROOM * (high - low || Math.abs(high) || 1);
  const box = boxWithin(canvas, MARGIN);
  return {
    first,
    end,
    loss: profile.loss,
    low: low - room,
    high: high + room,
    ...box,
    x: (distance) => box.left + ((Math.log10(distance) - first) / (end - first)) * box.width,
    y: (loss) => box.top + ((high + room - loss) / (high - low + 2 * room)) * box.height,
  };
}

function drawAxes(context, run, scale) {
  // If the loss hardly changes, all its labels would be the same, so the axis shows changes.
  const flat = scale.high - scale.low < FLAT * Math.abs(scale.high);
  const from = flat ? scale.loss : 0;
  const ticks = linearTicks(scale.low - from, scale.high - from, 4).map((value) => ({
    y: scale.y(from + value),
    label: tickText(value),
  }));
  const quantity = flat ? "change of the loss" : "loss along the step";
  drawVerticalAxis(context, `${quantity}, ${run} clipping`, scale, ticks);
  const powers = decadeTicks(scale.first, scale.end, 6);
  const places = powers.map((power) => ({ x: scale.x(10 ** power), label: decadeLabel(power) }));
  drawHorizontalAxis(context, "distance along the step", scale, places);
}

function drawLosses(context, scale, distances, losses, style) {
  // A canvas drops a line to a point far outside it, so such points are brought nearer.
  const point = (k) => [scale.x(distances[k]), Math.min(Math.max(scale.y(losses[k]), -1e4), 1e4)];
  traceLine(context, 0, distances.length - 1, (k) => (Number.isFinite(losses[k]) ? point(k) : null));
  stroke(context, style);
  context.setLineDash([]);
}

/** A vertical line at a distance. The names of different lines are in different rows, so that they do not overlap. */
function drawMark(context, scale, distance, name, row) {
  const { ink, muted, font, size } = runStyles();
  const x = Math.min(Math.max(scale.x(distance), MARGIN.left), scale.right);
  strokeLine(context, [x, MARGIN.top], [x, scale.bottom], { colour: muted, width: 1 });
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = ink;
  context.textBaseline = "top";
  // The name is to the left of the line if there is no room to the right.
  const rightwards = x + 6 + context.measureText(name).width < scale.right;
  context.textAlign = rightwards ? "left" : "right";
  context.fillText(name, x + (rightwards ? 4 : -4), MARGIN.top + 3 + row * size * 1.25);
}

const endsEarly = ({ linear_until, length }) => linear_until < length;
const fallsEarly = ({ lowest_at, length }) => lowest_at < END * length;

function plot(canvas, run, profile) {
  const context = fitContext(canvas);
  const scale = scaleOf(canvas, profile);
  const styles = runStyles();
  drawAxes(context, run, scale);
  const distances = profile.distances.filter((distance) => distance >= 10 ** scale.first);
  const losses = profile.losses.slice(profile.distances.length - distances.length);
  const draw = (values, style) => drawLosses(context, scale, distances, values, style);
  drawWithin(context, scale, () => {
    draw(distances.map(profile.quadratic), { colour: styles.muted, dash: [2, 3], width: 1.5 });
    draw(distances.map(profile.linear), { colour: styles.ink, dash: [6, 4], width: 1.5 });
    draw(losses, { colour: styles[run].fill, dash: [], width: 2.5 });
  });
  if (endsEarly(profile)) drawMark(context, scale, profile.linear_until, `slope ${percentOff()} off`, 0);
  if (fallsEarly(profile)) drawMark(context, scale, profile.lowest_at, "lowest loss", 1);
}

/** The error at which the linear model ends, such as "10 %". */
const percentOff = () => `${formatNumber(100 * catalogue.step_profile.tolerance)}\u00a0%`;

function sentence(profile) {
  const linear = endsEarly(profile)
    ? `The slope’s prediction is ${percentOff()} off after ${formatNumber(profile.linear_until)}`
    : `The slope’s prediction stays within ${percentOff()} all the way`;
  const lowest = fallsEarly(profile) ? `; the loss is lowest after ${formatNumber(profile.lowest_at)}` : "";
  return `${linear}${lowest}; step length ${formatNumber(profile.length)}.`;
}

/** One run's profile with its sentence: `draw(state, trajectory, step)`. */
function profileFigure(run) {
  const [canvas, words] = [`step-profile-${run}`, `step-profile-${run}-words`].map(byId);
  return ({ scene, curvature, hiddenAfter }, trajectory, step) => {
    canvas.parentElement.hidden = !trajectory;
    if (!trajectory) return;
    const profile = stepProfile(scene, curvature, trajectory, Math.min(Math.floor(step), trajectory.steps - 1));
    canvas.classList.toggle("unseen", !profile);
    // A step that is hidden until the reader has predicted is taken all the same.
    const none = hiddenAfter === null ? `${catalogue.run_labels[run]}, no step is taken from here.` : "";
    const text = profile ? sentence(profile) : none;
    if (words.textContent !== text) words.textContent = text;
    if (profile) plot(canvas, run, profile);
  };
}

export function stepProfileView() {
  const area = byId("step-profile");
  const figures = Object.entries({ without: profileFigure("without"), with: profileFigure("with") });
  let onScreen = false;
  new IntersectionObserver(([entry]) => (onScreen = entry.isIntersecting)).observe(area);
  return {
    draw(state, runs, step) {
      const { scene, curvature, curvatureFor, dragging, playing } = state;
      const known = curvature && curvatureFor === signature("curvature", scene);
      // While another curvature is loading, the area is only invisible. Hiding it would move the page under the pointer.
      area.hidden = !curvature || Boolean(surfaceOf(scene).no_kernel);
      area.classList.toggle("unseen", !known);
      // Drawing takes half of a frame's time. If the area is off screen, it waits until the drag or the animation ends.
      if (!known || ((dragging || playing) && !onScreen)) return;
      for (const [run, draw] of figures) {
        draw(state, runs.find((item) => item.run === run)?.trajectory, step);
      }
    },
  };
}
