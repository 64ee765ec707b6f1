// Marker: dots at the iterates of a path, its current point, and the arrow head where it leaves the window.

import { stroke } from "../canvas/stroke.js";

// Corners of the arrow head, with its tip at the origin.
const ARROW = [
  [1, 0],
  [-13, -6.5],
  [-9, 0],
  [-13, 6.5],
];
export const SPACING = 9; // smallest distance in pixels between two markers of a path

function traceMarker(context, shape, [x, y], size) {
  context.beginPath();
  if (shape === "square") context.rect(x - size, y - size, 2 * size, 2 * size);
  else context.arc(x, y, size * 1.1, 0, 2 * Math.PI);
}

/**
 * The points that have a marker: those without an earlier one nearby, and those for which `isKept` is true. The two sides
 * of a zigzag, and a path that comes back, would otherwise be a blob of markers. An earlier marker does not depend on
 * later points, so none goes away while a path grows.
 * @param {{point: number[]}[]} iterates
 */
export function spacedOut(iterates, isKept = (iterate) => false) {
  const cells = new Map();
  const cellOf = (column, row) => column * 2 ** 20 + row;
  return iterates.filter((iterate) => {
    const [x, y] = iterate.point;
    const [column, row] = [Math.floor(x / SPACING), Math.floor(y / SPACING)];
    let near = false;
    for (let k = 0; k < 9 && !near; k++) {
      const others = cells.get(cellOf(column - 1 + (k % 3), row - 1 + Math.floor(k / 3))) ?? [];
      near = others.some(([px, py]) => Math.hypot(x - px, y - py) < SPACING);
    }
    if (near && !isKept(iterate)) return false;
    const cell = cellOf(column, row);
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell).push(iterate.point);
    return true;
  });
}

/** A small marker at each of the points. */
export function drawMarkers(context, style, points) {
  context.fillStyle = style.fill;
  for (const point of points) {
    traceMarker(context, style.marker, point, 2.2 * style.scale);
    context.fill();
  }
}

/** A large hollow marker. */
export function drawCurrentMarker(context, style, point) {
  traceMarker(context, style.marker, point, 5 * style.scale);
  context.fillStyle = style.casing;
  context.fill();
  stroke(context, { colour: style.fill, width: 3 * style.scale });
}

/** An arrow head at `end`, in the direction from `start`. */
export function drawArrowHead(context, style, start, end) {
  context.save();
  context.translate(...end);
  context.rotate(Math.atan2(end[1] - start[1], end[0] - start[0]));
  context.beginPath();
  context.moveTo(...ARROW[0].map((place) => place * style.scale));
  for (const point of ARROW.slice(1)) context.lineTo(...point.map((place) => place * style.scale));
  context.closePath();
  stroke(context, { colour: style.casing, width: 1.5 });
  context.fillStyle = style.fill;
  context.fill();
  context.restore();
}
