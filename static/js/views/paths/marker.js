// Marker: dots at the iterates of a path, its current point, and the arrow head where it leaves the window.

import { stroke } from "../canvas/stroke.js";

export const SPACING = 9; // smallest distance in pixels between two markers of a path

function traceMarker(context, shape, [x, y], size) {
  context.beginPath();
  if (shape === "square") context.rect(x - size, y - size, 2 * size, 2 * size);
  else context.arc(x, y, size * 1.1, 0, 2 * Math.PI);
}

/** A small marker at each of the points, except where they are too close together. */
export function drawMarkers(context, style, points) {
  let previous = [-99, -99]; // far from every point
  context.fillStyle = style.fill;
  for (const point of points) {
    if (Math.hypot(point[0] - previous[0], point[1] - previous[1]) < SPACING) continue;
    previous = point;
    traceMarker(context, style.marker, point, 2.2);
    context.fill();
  }
}

/** A large hollow marker. */
export function drawCurrentMarker(context, style, point) {
  traceMarker(context, style.marker, point, 5);
  context.fillStyle = style.casing;
  context.fill();
  stroke(context, { colour: style.fill, width: 3 });
}

/** An arrow head at `end`, in the direction from `start`. */
export function drawArrowHead(context, style, start, end) {
  context.save();
  context.translate(...end);
  context.rotate(Math.atan2(end[1] - start[1], end[0] - start[0]));
  context.beginPath();
  context.moveTo(1, 0);
  context.lineTo(-13, -6.5);
  context.lineTo(-9, 0);
  context.lineTo(-13, 6.5);
  context.closePath();
  stroke(context, { colour: style.casing, width: 1.5 });
  context.fillStyle = style.fill;
  context.fill();
  context.restore();
}
