// Zigzag: the segments of a path that goes back and forth, so close to each other that wide lines would fill the space
// between them.

const CLOSE = 5; // pixels between every second segment

const middleOf = ({ start, end }) => [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];

/** Whether two segments are next to each other, and closer than half their length. */
function areClose(line, other) {
  if (!other) return false;
  const [a, b] = [middleOf(line), middleOf(other)];
  const distance = Math.hypot(a[0] - b[0], a[1] - b[1]);
  return distance < CLOSE && 2 * distance < Math.hypot(line.end[0] - line.start[0], line.end[1] - line.start[1]);
}

/** The segments of narrow zigzags, each next to the one before the last, and the others. `lines` are in order. */
export function byCloseness(lines) {
  const isClose = lines.map((line, k) => areClose(line, lines[k - 2]) || areClose(line, lines[k + 2]));
  return { close: lines.filter((_, k) => isClose[k]), apart: lines.filter((_, k) => !isClose[k]) };
}
