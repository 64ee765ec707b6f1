// The line under the step: the loss along the step of each run, with the straight line and the parabola that slope
// and curvature promise. To the right the distance on a log scale: a cliff is a thousandth of a throw wide.

import { signature } from "../../state/scene/dependencies.js";
import { surfaceOf } from "../../state/scene/lookup.js";
import { lineOf } from "../../state/runs/step_profile.js";
import { formatNumber } from "../../state/numbers.js";
import { RUN_NAMES } from "../../state/verdict.js";
import { drawRightwards, drawUpwards, traceLine } from "../canvas/axes.js";
import { byId } from "../elements/dom.js";
import { boxWithin, prepared } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { decadeLabel, decadeTicks, linearTicks } from "../canvas/ticks.js";

const MARGIN = { left: 56, right: 12, top: 26, bottom: 40 };
const DECADES = 5; // before the step's end
const FLAT = 1e-2; // of a loss: what changes less is written as a change
const ROOM = 0.12; // of the loss's range, above and below

function scaleOf(canvas, line) {
  const end = Math.log10(line.length);
  const first = Math.min(end - DECADES, Math.floor(Math.log10(line.believed)));
  const shown = line.heights.filter((value, k) => Number.isFinite(value) && line.places[k] >= 10 ** first);
  const [low, high] = [Math.min(line.value, ...shown), Math.max(line.value, ...shown)];
  const room = ROOM * (high - low || Math.abs(high) || 1);
  const box = boxWithin(canvas, MARGIN);
  return {
    first,
    end,
    value: line.value,
    low: low - room,
    high: high + room,
    ...box,
    x: (distance) => box.left + ((Math.log10(distance) - first) / (end - first)) * box.width,
    y: (value) => box.top + ((high + room - value) / (high - low + 2 * room)) * box.height,
  };
}

function drawAxes(context, title, scale) {
  // Where the loss hardly changes, three digits of it are all the same: then its change is formatNumber.
  const flat = scale.high - scale.low < FLAT * Math.abs(scale.high);
  const from = flat ? scale.value : 0;
  const ticks = linearTicks(scale.low - from, scale.high - from, 4).map((value) => ({
    y: scale.y(from + value),
    label: String(value).replaceAll("-", "−"),
  }));
  drawUpwards(context, flat ? title.replace("loss along the step", "change of the loss") : title, scale, ticks);
  const powers = decadeTicks(scale.first, scale.end, 6);
  const places = powers.map((power) => ({ x: scale.x(10 ** power), label: decadeLabel(power) }));
  drawRightwards(context, "distance along the step", scale, places);
}

function drawHeights(context, scale, places, heights, { stroke, dash = [], width }) {
  context.strokeStyle = stroke;
  context.setLineDash(dash);
  context.lineWidth = width;
  // Far beyond the frame a canvas loses the line: its slope towards the edge is all that shows.
  const point = (k) => [scale.x(places[k]), Math.min(Math.max(scale.y(heights[k]), -1e4), 1e4)];
  traceLine(context, 0, places.length - 1, (k) => (Number.isFinite(heights[k]) ? point(k) : null));
  context.stroke();
  context.setLineDash([]);
}

function drawMark(context, scale, distance, text, row) {
  const { ink, muted, font, size } = runStyles();
  const x = Math.min(Math.max(scale.x(distance), MARGIN.left), scale.right);
  context.strokeStyle = muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, MARGIN.top);
  context.lineTo(x, scale.bottom);
  context.stroke();
  context.font = `${size * 0.9}px ${font}`;
  context.fillStyle = ink;
  context.textBaseline = "top";
  const rightwards = x + 6 + context.measureText(text).width < scale.right;
  context.textAlign = rightwards ? "left" : "right";
  context.fillText(text, x + (rightwards ? 4 : -4), MARGIN.top + 3 + row * size * 1.25);
}

function plot(canvas, run, line) {
  const context = prepared(canvas);
  const scale = scaleOf(canvas, line);
  const { ink, muted } = runStyles();
  drawAxes(context, `loss along the step, ${run} clipping`, scale);
  context.save();
  context.beginPath();
  context.rect(scale.left, scale.top, scale.width, scale.height);
  context.clip();
  const shown = line.places.filter((distance) => distance >= 10 ** scale.first);
  const heights = line.heights.slice(line.places.length - shown.length);
  drawHeights(context, scale, shown, shown.map(line.quadratic), { stroke: muted, dash: [2, 3], width: 1.5 });
  drawHeights(context, scale, shown, shown.map(line.linear), { stroke: ink, dash: [6, 4], width: 1.5 });
  drawHeights(context, scale, shown, heights, { stroke: runStyles()[run].fill, width: 2.5 });
  context.restore();
  if (line.believed < line.length) drawMark(context, scale, line.believed, "slope 10 % off", 0);
  if (line.least < 0.98 * line.length) drawMark(context, scale, line.least, "least", 1);
}

function sentence(line) {
  const held = line.believed < line.length;
  const belief = held
    ? `What the slope promises is 10 % off after ${formatNumber(line.believed)}`
    : "What the slope promises holds to a tenth all the way";
  const least = line.least < 0.98 * line.length ? `, the loss is least after ${formatNumber(line.least)}` : "";
  const joint = held && least ? least : least.replace(",", "; ");
  return `${belief}${joint}; the step goes ${formatNumber(line.length)}.`;
}

export function lineView(catalogue) {
  const area = byId("line");
  const figures = Object.fromEntries(
    ["without", "with"].map((run) => [run, { canvas: byId(`line-${run}`), words: byId(`line-${run}-words`) }]),
  );
  let seen = false;
  new IntersectionObserver(([entry]) => (seen = entry.isIntersecting)).observe(area);
  return {
    draw({ scene, curvature, curvatureFor, dragging, playing }, runs, step) {
      const known = curvature && curvatureFor === signature("curvature", scene);
      // While another curvature is on its way, its place is kept: the page would jump under the hand.
      area.hidden = !curvature || Boolean(surfaceOf(scene).no_kernel);
      area.classList.toggle("unseen", !known);
      // Below the screen's edge it can wait until the hand is off: it takes half of a frame's script.
      if (!known || ((dragging || playing) && !seen)) return;
      for (const run of ["without", "with"]) {
        const { canvas, words } = figures[run];
        const trajectory = runs.find((item) => item.run === run)?.trajectory;
        canvas.parentElement.hidden = !trajectory;
        if (!trajectory) continue;
        const line = lineOf(scene, curvature, trajectory, Math.min(Math.floor(step), trajectory.steps - 1));
        canvas.classList.toggle("unseen", !line);
        const text = line ? sentence(line) : `${RUN_NAMES[run]} no step is taken from here.`;
        if (words.textContent !== text) words.textContent = text;
        if (line) plot(canvas, run, line);
      }
    },
  };
}
