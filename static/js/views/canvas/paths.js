// Paths: straight segments through the true iterates, drawn on a canvas over map or relief.

import { formatNumber } from "../../state/numbers.js";

export const LANE_STYLE = {
  without: { colour: "--run-without", dash: [7, 4], marker: "circle" },
  with: { colour: "--run-with", dash: [], marker: "square" },
};

/** Trace the pieces from step `from` up to step `to` (fractions allowed) as one polyline. */
function trace(context, drawnPieces, from, to) {
  context.beginPath();
  let joint = -1;
  for (const { piece, start, end } of drawnPieces) {
    if (piece.k + 1 <= from || piece.k >= to) continue;
    if (joint !== piece.k || piece.from > 0) context.moveTo(...start);
    const share = Math.min(1, Math.max(0, (to - piece.k - piece.from) / (piece.to - piece.from || 1)));
    context.lineTo(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share);
    joint = piece.leaves ? -1 : piece.k + 1;
  }
}

function mark(context, shape, x, y, size) {
  context.beginPath();
  if (shape === "square") context.rect(x - size, y - size, 2 * size, 2 * size);
  else context.arc(x, y, size * 1.1, 0, 2 * Math.PI);
}

function drawMarkers(context, look, points, size) {
  let previous = [-99, -99];
  context.fillStyle = look.fill;
  for (const [x, y] of points) {
    if (Math.hypot(x - previous[0], y - previous[1]) < 9) continue;
    previous = [x, y];
    mark(context, look.marker, x, y, size);
    context.fill();
  }
}

/** An arrow head at the frame, where the path leaves it. */
function drawExit(context, look, start, end) {
  const angle = Math.atan2(end[1] - start[1], end[0] - start[0]);
  context.save();
  context.translate(...end);
  context.rotate(angle);
  context.beginPath();
  context.moveTo(1, 0);
  context.lineTo(-13, -6.5);
  context.lineTo(-9, 0);
  context.lineTo(-13, 6.5);
  context.closePath();
  context.fillStyle = look.fill;
  context.strokeStyle = look.casing;
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
  context.restore();
}

const apart = (a, b) => a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];

/**
 * A label near a point, on a plate of the paper's colour: inside the box, and beside what is already in
 * `box.taken` where there is room.
 */
export function drawLabel(context, look, text, [x, y], box) {
  context.font = `600 ${look.size}px ${look.font}`;
  const [width, height] = [context.measureText(text).width + 12, look.size + 9];
  const sides = [
    [x - width - 14, y + 12],
    [x + 14, y + 12],
    [x - width - 14, y - height - 12],
    [x + 14, y - height - 12],
    [x - width / 2, y + 44],
    [x - width / 2, y - 44 - height],
  ];
  const places = sides.map(([left, top]) => [
    Math.min(Math.max(left, box.left + 4), box.left + box.width - width - 4),
    Math.min(Math.max(top, box.top + 4), box.top + box.height - height - 4),
    width,
    height,
  ]);
  const taken = [...(box.taken ?? []), [x - 8, y - 8, 16, 16]];
  const place = places.find((one) => taken.every((other) => apart(one, other))) ?? places[0];
  box.taken?.push(place);
  context.fillStyle = look.casing;
  context.globalAlpha = 0.88;
  context.fillRect(...place);
  context.globalAlpha = 1;
  context.fillStyle = look.fill;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, place[0] + 6, place[1] + height / 2 + 0.5);
}

/**
 * Draw one run. `place(x, y, loss)` gives pixels; `step` is the current step, fractions allowed: the path up
 * to it is strong, the rest faint.
 */
export function drawPath(context, { pieces, trajectory, summary, look, place, step, box }) {
  const drawnPieces = pieces.map((piece) => ({
    piece,
    start: place(piece.x0, piece.y0, piece.loss0),
    end: place(piece.x1, piece.y1, piece.loss1),
  }));
  context.lineJoin = "round";
  context.setLineDash([]);
  trace(context, drawnPieces, 0, step);
  stroke(context, look.casing, 4.5, 0.8);
  context.setLineDash(look.dash);
  stroke(context, look.fill, 2, 1);
  context.setLineDash([2, 4]);
  trace(context, drawnPieces, Math.floor(step), summary.last);
  stroke(context, look.fill, 1.25, 0.55);
  context.setLineDash([]);
  const rows = drawnPieces.filter(({ piece }) => piece.from === 0 && piece.k <= step);
  drawMarkers(
    context,
    look,
    rows.map(({ start }) => start),
    2.2,
  );
  drawExits(context, { drawnPieces, look, step, summary, box });
  drawCurrent(context, { drawnPieces, trajectory, look, place, step, summary });
}

function stroke(context, colour, width, alpha) {
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
  context.globalAlpha = 1;
}

function drawExits(context, { drawnPieces, look, step, summary, box }) {
  for (const { piece, start, end } of drawnPieces) {
    // Only once the step has come that far: an arrow ahead of time would give the story away.
    if (!piece.leaves || step < piece.k + piece.to) continue;
    drawExit(context, look, start, end);
    if (summary.thrown && piece.k === summary.thrown_step) {
      drawLabel(context, look, `thrown ${formatNumber(summary.thrown_length)} units`, end, box);
    }
  }
}

/** The run's body: where it is now, between two iterates while playing. */
function drawCurrent(context, { drawnPieces, trajectory, look, place, step, summary }) {
  const at = Math.min(step, summary.last);
  const k = Math.floor(at);
  const found = drawnPieces.find(({ piece }) => piece.k === k);
  let point = null;
  if (found && at > k) {
    const { piece, start, end } = found;
    const share = (at - k - piece.from) / (piece.to - piece.from || 1);
    if (share >= 0 && share <= 1) point = [0, 1].map((c) => start[c] + (end[c] - start[c]) * share);
  } else if (found && found.piece.from === 0) point = found.start;
  else {
    const before = drawnPieces.at(-1);
    if (before && before.piece.k + 1 === k && !before.piece.leaves)
      point = place(trajectory.x[k], trajectory.y[k], trajectory.loss[k]);
  }
  if (!point) return;
  mark(context, look.marker, ...point, 5);
  context.fillStyle = look.casing;
  context.fill();
  context.strokeStyle = look.fill;
  context.lineWidth = 3;
  context.stroke();
}
