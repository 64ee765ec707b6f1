// A mesh with fewer points where a finer one would show nothing but spikes.

import { contourValues, specksPerRow } from "../map/contours.js";

const STRIDE = 4;
const MOST_SPECKS = 10; // per row: Rastrigin's eleven hills have 5
const COLUMNS = ["across", "upward", "loss", "gradient_norm"];

/** Whether every fourth point in both directions includes those at the edges. */
function isDivisible({ lines, count }) {
  return [lines, count].every((points) => points > STRIDE && (points - 1) % STRIDE === 0);
}

/**
 * A frame's mesh, or every fourth point of it where the landscape has hills between one point and the next, as Ackley's
 * function within ±10,000 does: its 129 rows of spikes hide each other, and graphics without a card draw all of them.
 */
export function thinnedMesh(frame, shares) {
  const { lines, count } = frame;
  const specks = isDivisible(frame) ? specksPerRow(contourValues(shares), { rows: lines, columns: count }) : 0;
  if (specks <= MOST_SPECKS) return frame;
  const [rows, columns] = [lines, count].map((points) => (points - 1) / STRIDE + 1);
  const kept = Int32Array.from(
    { length: rows * columns },
    (_, k) => STRIDE * (count * Math.floor(k / columns) + (k % columns)),
  );
  const names = COLUMNS.filter((name) => frame[name]);
  const thinned = names.map((name) => [name, frame[name].constructor.from(kept, (place) => frame[name][place])]);
  return { ...frame, ...Object.fromEntries(thinned), lines: rows, count: columns };
}
