// Stroke: lines in a colour, a width and a dash; a cased line is a dark one over a wider light one.

/** Stroke the context's path. Without a `dash`, the dash that is set stays. */
export function stroke(context, { colour, width, alpha = 1, dash = undefined }) {
  if (dash) context.setLineDash(dash);
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  // Mitred corners of steep peaks would reach far above their values.
  context.lineJoin = "round";
  context.lineWidth = width;
  context.stroke();
  context.globalAlpha = 1;
}

/** Stroke the context's path twice, so that it is visible on dark and on light backgrounds. */
export function strokeCased(context, casing, line) {
  stroke(context, casing);
  stroke(context, line);
}

/** A straight line between two points. */
export function strokeLine(context, from, to, style) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  stroke(context, style);
  context.setLineDash([]);
}

/**
 * A filled disc around a point.
 * @param {number[]} point
 */
export function fillDisc(context, point, radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(point[0], point[1], radius, 0, 2 * Math.PI);
  context.fill();
}
