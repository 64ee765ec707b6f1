// Label: words near a point, on a plate in the colour of the paper. Labels avoid each other.

const PADDING = 6; // pixels from the plate's sides to the words
const EDGE = 4; // pixels from the plate to the box's sides

const HANDLE = 12; // pixels from the middle of the start's handle to its edge

/**
 * The rectangle that the start's handle covers, for `taken`.
 * @param {number[]} middle
 */
export const handleAround = (middle) => [middle[0] - HANDLE, middle[1] - HANDLE, 2 * HANDLE, 2 * HANDLE];

/**
 * Whether a segment crosses a rectangle: whether their shadows overlap on both axes and across the segment.
 * @param {number[][]} segment
 * @param {number[]} rectangle
 */
function crosses(segment, rectangle) {
  const [left, top, width, height] = rectangle;
  const [[x0, y0], [x1, y1]] = segment;
  if (Math.max(x0, x1) < left || Math.min(x0, x1) > left + width) return false;
  if (Math.max(y0, y1) < top || Math.min(y0, y1) > top + height) return false;
  const side = (x, y) => (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);
  const corners = [
    side(left, top),
    side(left + width, top),
    side(left, top + height),
    side(left + width, top + height),
  ];
  return Math.min(...corners) <= 0 && Math.max(...corners) >= 0;
}

/** The area that two rectangles have in common. */
const overlap = (a, b) =>
  Math.max(0, Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])) *
  Math.max(0, Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]));

/** Whether a rectangle is anywhere: where a loss is NaN, so is the height of its point on a curve or in the relief. */
const isPlaced = (rectangle) => rectangle.every(Number.isFinite);

/** The plate that covers the least of the rectangles; of equal ones the first. */
function leastCovering(plates, taken) {
  const there = taken.filter(isPlaced);
  const covered = plates.map((plate) => there.reduce((sum, other) => sum + overlap(plate, other), 0));
  return plates[covered.indexOf(Math.min(...covered))];
}

/** Positions of a plate around a point as [left, top, width, height], inside the box, in order of preference. */
function platesAround([x, y], [width, height], box) {
  const corners = [
    [x - width - 14, y + 12],
    [x + 14, y + 12],
    [x - width - 14, y - height - 12],
    [x + 14, y - height - 12],
    [x - width / 2, y + 44],
    [x - width / 2, y - 44 - height],
    // Further away, next to an arrow that comes from anywhere.
    ...[12, 24, 36, 60, 90].flatMap((down) =>
      [32, 60].flatMap((aside) => [
        [x - width - aside, y + down],
        [x + aside, y + down],
        [x - width - aside, y - height - down],
        [x + aside, y - height - down],
      ]),
    ),
  ];
  return corners.map(([left, top]) => [
    Math.min(Math.max(left, box.left + EDGE), box.left + box.width - width - EDGE),
    Math.min(Math.max(top, box.top + EDGE), box.top + box.height - height - EDGE),
    width,
    height,
  ]);
}

/**
 * Draw a label near a point, inside the box. It avoids the rectangles in `box.taken` and the segment of its own arrow if
 * possible, and adds its own rectangle. A point that is NaN has none.
 * @param {number[][] | null} arrow
 */
export function drawLabel(context, style, text, [x, y], box, arrow = null) {
  if (Number.isNaN(x + y)) return;
  context.font = `600 ${style.size}px ${style.font}`;
  const plates = platesAround([x, y], [context.measureText(text).width + 2 * PADDING, style.size + 9], box);
  // The label must not cover its own point.
  const taken = [...(box.taken ?? []), [x - 8, y - 8, 16, 16]];
  const off = arrow ? plates.filter((one) => !crosses(arrow, one)) : plates;
  const plate = leastCovering(off.length ? off : plates, taken);
  box.taken?.push(plate);
  context.fillStyle = style.casing;
  // The map stays visible through the plate.
  context.globalAlpha = 0.88;
  context.fillRect(...plate);
  context.globalAlpha = 1;
  context.fillStyle = style.fill;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, plate[0] + PADDING, plate[1] + plate[3] / 2 + 0.5);
}
