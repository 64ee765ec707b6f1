// Inset: where a run has left the window, its whole path on a symmetric log scale around the window.

import { traceLine } from "../canvas/axes.js";
import { distinctSegments, FEW, memoize, stretchesOf } from "../canvas/decimation.js";
import { inside, isFiniteRow, mapping, segmentBetween } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { fillDisc, stroke } from "../canvas/stroke.js";
import { formatNumber } from "../../state/numbers.js";

const SIZE = 132; // pixels
const SHARE = 0.15; // of the width of a map that is wider than usual
const CAPTION = 18; // pixels of the line below the picture
const BETWEEN = [0.2, 0.4, 0.6, 0.8, 1]; // shares of a segment of a path on a curve, where the inset must not be
const FARTHEST = 300; // powers of ten, near the end of float64

/** Distance from the window's centre in half windows, on a scale that is linear inside and logarithmic outside. */
function logDistance(value, low, high) {
  const distance = (value - (low + high) / 2) / ((high - low) / 2);
  return Math.sign(distance) * Math.log10(1 + Math.abs(distance));
}

/** @returns {[number, number]} */
function logPoint([left, right, bottom, top], x, y) {
  return [logDistance(x, left, right), logDistance(y, bottom, top)];
}

/** The largest distance of a run's point outside the window; 0 where there is none. */
function farthestOf(window, { trajectory, summary }) {
  return memoize(trajectory, ["farthest", String(window), summary.last], () => {
    let far = 0;
    for (let k = 0; k <= summary.last; k++) {
      if (!isFiniteRow(trajectory, k) || inside(window, trajectory.x[k], trajectory.y[k])) continue;
      const [x, y] = logPoint(window, trajectory.x[k], trajectory.y[k]);
      far = Math.max(far, Math.abs(x), Math.abs(y));
    }
    return Math.min(far, FARTHEST);
  });
}

/**
 * Places for the inset as left and top: the corners of the map, below or above the name of an axis of height `named`, and
 * for a curve also places between them, since the ends of a curve are often in the corners.
 */
function placesOf(box, size, between, named) {
  const shares = between ? [0, 1, 0.5, 0.25, 0.75] : [0, 1];
  return shares.flatMap((share) =>
    [1, 0].map((bottom) => [
      box.left + 8 + share * (box.width - size - 16),
      bottom ? box.top + box.height - size - CAPTION - (share > 0.5 ? named : 8) : box.top + (share < 0.5 ? named : 8),
    ]),
  );
}

/** The pixels of a path that an inset must not cover, each with how much it counts: a start counts for a thousand. */
function pathPixels({ trajectory, summary }, toPixel) {
  // The points of a long run are counted at intervals.
  const interval = Math.ceil((summary.last + 1) / FEW);
  const count = Math.floor(summary.last / interval) + 1;
  return Array.from({ length: count }, (_, k) => {
    return [...toPixel(trajectory.x[k * interval], trajectory.y[k * interval]), k ? 1 : 1000];
  });
}

/** The pixels of a curve, which count as much as those of a path, and those between the points of the paths. */
function curvePixels({ window, heightAt }, runs, toPixel) {
  const [left, right] = window;
  const curve = Array.from({ length: FEW }, (_, k) => {
    const x = left + ((right - left) * k) / (FEW - 1);
    return [...toPixel(x, heightAt(x)), 1];
  });
  const between = runs.flatMap(({ trajectory, summary: { last } }) =>
    Array.from({ length: Math.min(last, FEW) }, (_, k) => segmentBetween(window, trajectory, k, k + 1))
      .filter(Boolean)
      .flatMap(({ x0, y0, x1, y1 }) =>
        BETWEEN.map((share) => [...toPixel(x0 + share * (x1 - x0), y0 + share * (y1 - y0)), 1]),
      ),
  );
  return [...curve, ...between];
}

/**
 * How much an inset at a place, `[left, top]`, would cover of the pixels.
 * @param {number[]} place
 * @param {number[][]} pixels
 */
function coveredBy(place, size, pixels) {
  const [left, top] = place;
  const room = 24;
  const height = size + CAPTION;
  let count = 0;
  for (const [x, y, weight] of pixels) {
    if (x > left - room && x < left + size + room && y > top - room && y < top + height + room) count += weight;
  }
  return count;
}

/** The place on the map at which the inset covers the least of the paths, and of the curve in a `plane`. */
export function emptiestPlace({ window, runs, box, plane = null }, size, named) {
  const { toPixel } = mapping(window, box);
  const pixels = runs.flatMap((run) => pathPixels(run, toPixel));
  if (plane) pixels.push(...curvePixels(plane, runs, toPixel));
  const places = placesOf(box, size, Boolean(plane), named);
  const counts = places.map((place) => coveredBy(place, size, pixels));
  return places[counts.indexOf(Math.min(...counts))];
}

function drawPlate(context, styles, [left, top], size, captions) {
  context.fillStyle = styles.paper;
  context.globalAlpha = 0.92;
  context.fillRect(left, top, size, size + CAPTION);
  context.globalAlpha = 1;
  context.strokeStyle = styles.muted;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, size - 1, size + CAPTION - 1);
  context.font = `${styles.size * 0.85}px ${styles.font}`;
  context.fillStyle = styles.muted;
  context.textAlign = "left";
  context.textBaseline = "middle";
  // A text that is a little too wide is drawn narrower.
  const fits = (text) => context.measureText(text).width <= 1.15 * (size - 12);
  context.fillText(captions.find(fits) ?? captions.at(-1), left + 6, top + size + CAPTION / 2 - 1, size - 12);
}

/** The square of all points up to `distance` half windows from the centre, as left, top, width and height. */
function squareOf(distance, toPixel) {
  const edge = Math.log10(1 + distance);
  const [x0, y0] = toPixel([-edge, edge]);
  const [x1, y1] = toPixel([edge, -edge]);
  return [x0, y0, x1 - x0, y1 - y0];
}

/** The window, and squares at 10, 100, ... half windows around it. */
function drawSquares(context, styles, far, toPixel) {
  const every = Math.max(1, Math.ceil(Math.ceil(far) / 4));
  context.strokeStyle = styles.line;
  context.lineWidth = 1;
  for (let power = every; power < far; power += every) context.strokeRect(...squareOf(10 ** power, toPixel));
  context.fillStyle = styles.line;
  context.fillRect(...squareOf(1, toPixel));
  context.strokeStyle = styles.ink;
  context.strokeRect(...squareOf(1, toPixel));
}

/** The segments of a run that can be told apart in the inset; null for a run that is drawn as it is. */
function segmentsOf(trajectory, summary, pointAt, placedBy) {
  if (summary.last <= FEW) return null;
  return memoize(trajectory, ["inset", summary.last, ...placedBy], () => {
    const stretches = stretchesOf(summary.last, pointAt);
    return distinctSegments(stretches.map(([k, until]) => ({ k, until, start: pointAt(k), end: pointAt(until) })));
  });
}

/** One run up to the current step, and where it is now. */
function drawTrack(context, style, { trajectory, summary }, step, place, placedBy) {
  const last = Math.min(Math.floor(step), summary.last);
  const pointAt = (k) => (isFiniteRow(trajectory, k) ? place(trajectory.x[k], trajectory.y[k]) : null);
  const segments = segmentsOf(trajectory, summary, pointAt, placedBy);
  if (segments) traceSegments(context, segments, last);
  else traceLine(context, 0, last, pointAt);
  stroke(context, { colour: style.fill, width: 1.75, dash: style.dash.map((length) => length / 2) });
  context.setLineDash([]);
  const now = pointAt(last);
  if (now) fillDisc(context, now, 3, style.fill);
}

/** Trace segments up to row `last`. */
function traceSegments(context, segments, last) {
  context.beginPath();
  let joint = -1;
  for (const { k, until, start, end } of segments) {
    if (until > last) break;
    if (k !== joint) context.moveTo(...start);
    context.lineTo(...end);
    joint = until;
  }
}

/**
 * Draw the inset where a run has left the window, and add its rectangle to `box.taken`. `plane` is that of a curve.
 * @param {{window: any, runs: any[], step: number, box: any, plane?: any}} picture
 */
export function drawInset(context, picture) {
  const { window, runs, step, box } = picture;
  const far = Math.max(0, ...runs.map((run) => farthestOf(window, run)));
  if (!far) return;
  const styles = runStyles();
  const size = Math.min(Math.max(SIZE, SHARE * box.width), box.width * 0.3, box.height * 0.36);
  const [left, top] = emptiestPlace(picture, size, styles.size + 14);
  box.taken?.push([left, top, size, size + CAPTION]);
  const scale = (size / 2 - 9) / far;
  const held = (distance) => Math.max(-far, Math.min(far, distance));
  /** @returns {[number, number]} */
  const toPixel = ([x, y]) => [left + size / 2 + held(x) * scale, top + size / 2 - held(y) * scale];
  context.save();
  const times = `${formatNumber(10 ** far - 1)}×`;
  drawPlate(context, styles, [left, top], size, [`zoomed out ${times}`, `${times} wider`, times]);
  drawSquares(context, styles, far, toPixel);
  const place = (x, y) => toPixel(logPoint(window, x, y));
  const placedBy = [String(window), left, top, size, far];
  for (const run of [...runs].reverse()) drawTrack(context, styles[run.run], run, step, place, placedBy);
  context.restore();
}
