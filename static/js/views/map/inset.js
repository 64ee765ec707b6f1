// Inset: the whole path on a symmetric log scale around the window, where a run has left it.

import { inside, mapping } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { formatNumber } from "../../state/numbers.js";

/** Distances from the window's centre in half windows, on a scale that is even inside and logarithmic outside. */
function compressed(value, centre, half) {
  const distance = (value - centre) / half;
  return Math.sign(distance) * Math.log10(1 + Math.abs(distance));
}

function reach(window, runs) {
  let far = 0;
  for (const { trajectory, summary } of runs) {
    for (let k = 0; k <= summary.last; k++) {
      if (inside(window, trajectory.x[k], trajectory.y[k])) continue;
      const [x, y] = place(window, trajectory.x[k], trajectory.y[k]);
      far = Math.max(far, Math.abs(x), Math.abs(y));
    }
  }
  return Math.min(far, 300);
}

/** @returns {[number, number]} */
function place([left, right, bottom, top], x, y) {
  return [compressed(x, (left + right) / 2, (right - left) / 2), compressed(y, (bottom + top) / 2, (top - bottom) / 2)];
}

/** Rings at 10, 100, ... half windows, so that the eye has a scale. */
function drawRings(context, far, toPixel, look) {
  const powers = Math.ceil(far);
  const every = Math.max(1, Math.ceil(powers / 4));
  context.strokeStyle = look.line;
  context.lineWidth = 1;
  for (let power = every; power < far; power += every) {
    const ring = Math.log10(1 + 10 ** power);
    const [x0, y0] = toPixel([-ring, ring]);
    const [x1, y1] = toPixel([ring, -ring]);
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
}

const CAPTION = 18;

/** The corner of the map with the fewest of the path's points in it, as the inset's left and top. */
function emptiest(window, runs, box, width, height) {
  const { toPixel } = mapping(window, box);
  // In two of the corners stands the name of an axis.
  const named = runStyles().size + 14;
  const corners = [0, 1].flatMap((right) =>
    [1, 0].map((bottom) => [
      right ? box.left + box.width - width - 8 : box.left + 8,
      bottom ? box.top + box.height - height - (right ? named : 8) : box.top + (right ? 8 : named),
    ]),
  );
  /** @param {number[]} corner */
  const crowd = ([left, top]) => {
    let count = 0;
    for (const { trajectory, summary } of runs) {
      for (let k = 0; k <= summary.last; k++) {
        const [x, y] = toPixel(trajectory.x[k], trajectory.y[k]);
        if (x > left - 24 && x < left + width + 24 && y > top - 24 && y < top + height + 24) count += k ? 1 : 1000;
      }
    }
    return count;
  };
  const counts = corners.map(crowd);
  return corners[counts.indexOf(Math.min(...counts))];
}

function drawPlate(context, look, [left, top], size, caption) {
  context.fillStyle = look.paper;
  context.globalAlpha = 0.92;
  context.fillRect(left, top, size, size + CAPTION);
  context.globalAlpha = 1;
  context.strokeStyle = look.muted;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, size - 1, size + CAPTION - 1);
  context.font = `${look.size * 0.85}px ${look.font}`;
  context.fillStyle = look.muted;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(caption, left + 6, top + size + CAPTION / 2 - 1, size - 12);
}

/** Draw the inset where a run has left the window; tells `box` which place it takes. */
export function drawInset(context, { window, runs, step, box }) {
  const far = reach(window, runs);
  if (!far) return;
  const look = runStyles();
  const size = Math.min(132, box.width * 0.3, box.height * 0.36);
  const [left, top] = emptiest(window, runs, box, size, size + CAPTION);
  box.taken?.push([left, top, size, size + CAPTION]);
  const scale = (size / 2 - 9) / far;
  const toPixel = ([x, y]) => [
    left + size / 2 + Math.max(-far, Math.min(far, x)) * scale,
    top + size / 2 - Math.max(-far, Math.min(far, y)) * scale,
  ];
  context.save();
  drawPlate(context, look, [left, top], size, `${formatNumber(10 ** far - 1)}× out, log scale`);
  drawRings(context, far, toPixel, look);
  const corner = Math.log10(2);
  const [x0, y0] = toPixel([-corner, corner]);
  const [x1, y1] = toPixel([corner, -corner]);
  context.fillStyle = look.line;
  context.fillRect(x0, y0, x1 - x0, y1 - y0);
  context.strokeStyle = look.ink;
  context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  for (const run of runs) drawTrack(context, look[run.run], run, step, (x, y) => toPixel(place(window, x, y)));
  context.restore();
}

/** One run up to the current step, and where it is now. */
function drawTrack(context, look, { trajectory, summary }, step, toPixel) {
  const last = Math.min(Math.floor(step), summary.last);
  context.beginPath();
  for (let k = 0; k <= last; k++) context.lineTo(...toPixel(trajectory.x[k], trajectory.y[k]));
  context.strokeStyle = look.fill;
  context.lineWidth = 1.75;
  context.setLineDash(look.dash.map((d) => d / 2));
  context.stroke();
  context.setLineDash([]);
  const [px, py] = toPixel(trajectory.x[last], trajectory.y[last]);
  context.fillStyle = look.fill;
  context.beginPath();
  context.arc(px, py, 3, 0, 2 * Math.PI);
  context.fill();
}
