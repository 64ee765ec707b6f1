// Axis labels: titles and ticks around a relief as texts, which Plotly can only draw as part of its image. They are next
// to the edges of the box that are at the bottom and on the left of the picture, so they do not cover the surface.

const TICK_GAP = 6; // pixels between an edge and its ticks
const TITLE_GAP = 8; // pixels between the ticks and the title
const SHORTEST = 32; // pixels of an edge that has labels
const LEFT = [-1, 0]; // from an edge to its labels

const middle = (points) => [0, 1].map((k) => points.reduce((sum, point) => sum + point[k], 0) / points.length);

/** The four edges of the box along each axis, as functions from a place on the axis to a point in space. */
function edgesOf({ low, high }) {
  const [ends, heights] = [
    [0, 1],
    [low, high],
  ];
  return {
    xaxis: ends.flatMap((y) => heights.map((z) => (x) => [x, y, z])),
    yaxis: ends.flatMap((x) => heights.map((z) => (y) => [x, y, z])),
    zaxis: ends.flatMap((x) => ends.map((y) => (z) => [x, y, z])),
  };
}

/** An edge on the screen: where its places are, its middle, and the direction away from `centre`. */
function onScreen(edge, [low, high], toPixel, centre) {
  const at = (value) => toPixel(...edge(value));
  const [first, half, last] = [low, (low + high) / 2, high].map(at);
  const [across, down] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(across, down) || 1;
  const normal = [-down / length, across / length];
  const outward = normal[0] * (half[0] - centre[0]) + normal[1] * (half[1] - centre[1]) < 0 ? -1 : 1;
  return { at, half, length, height: Math.abs(down), away: normal.map((part) => part * outward) };
}

/** A text whose box is at least `gap` away from a point, in a direction. `depth` is how far the box reaches from there. */
function textBeside([x, y], [across, down], gap, text, size, width) {
  const reach = (Math.abs(across) * width + Math.abs(down) * size) / 2;
  const distance = gap + reach;
  return { text, size, width, x: x + across * distance, y: y + down * distance, depth: distance + reach };
}

/** The title and the ticks of one axis next to an edge; none where the camera looks along it. */
function labelsBeside({ at, half, length, away }, { title, tickvals, ticktext, tickfont }, widthOf) {
  if (length < SHORTEST) return { title: null, ticks: [] };
  const beside = (place, gap, text, { size }) => textBeside(place, away, gap, text, size, widthOf(text, size));
  const ticks = tickvals.map((value, k) => beside(at(value), TICK_GAP, ticktext[k], tickfont));
  const gap = TITLE_GAP + Math.max(TICK_GAP, ...ticks.map(({ depth }) => depth));
  return { title: beside(half, gap, title.text, title.font), ticks };
}

const isInside = ({ x, y, width, size }, picture) =>
  x >= width / 2 && x <= picture.width - width / 2 && y >= size / 2 && y <= picture.height - size / 2;

/** Where the box's top ends on the screen, as the height above a place from left to right; Infinity where it is not. */
function roofOf(toPixel, high) {
  const corners = [toPixel(0, 0, high), toPixel(1, 0, high), toPixel(1, 1, high), toPixel(0, 1, high)];
  const heightOn = ([x, y], [nextX, nextY], place) => {
    const share = (place - x) / (nextX - x);
    return share >= 0 && share <= 1 ? y + share * (nextY - y) : Infinity;
  };
  return (place) => Math.min(...corners.map((corner, k) => heightOn(corner, corners[(k + 1) % 4], place)));
}

/** A title moved into the picture. One that has no room beside its ticks is above them, and above the box. */
function moveInside({ title, ticks }, picture, roof) {
  if (!title || isInside(title, picture)) return title;
  const clamp = (value, reach, most) => Math.min(Math.max(value, reach), most - reach);
  const top = Math.min(...ticks.map(({ y }) => y - 0.75 * title.size), roof(title.width));
  const y = ticks.length && title.x < title.width / 2 ? top - 0.75 * title.size : title.y;
  return {
    ...title,
    x: clamp(title.x, title.width / 2, picture.width),
    y: clamp(y, title.size / 2, picture.height),
  };
}

const overlap = (a, b) =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < Math.max(a.size, b.size);

/** The labels without those that would cover an earlier one. */
function withoutOverlaps(labels) {
  const kept = [];
  for (const label of labels) if (!kept.some((other) => overlap(label, other))) kept.push(label);
  return kept;
}

/**
 * The labels of a scene's axes, as texts around pixels of a `picture` `{width, height}`. `axes` are the axes of Plotly's
 * layout, with ticks in shares; `widthOf(text, size)` measures.
 */
export function axisLabels(toPixel, axes, { low, high }, picture, widthOf) {
  const edges = edgesOf({ low, high });
  const centre = middle(edges.xaxis.flatMap((edge) => [toPixel(...edge(0)), toPixel(...edge(1))]));
  const seen = (name, ends) => edges[name].map((edge) => onScreen(edge, ends, toPixel, centre));
  const nearest = (list) => list.reduce((best, one) => (one.half[1] > best.half[1] ? one : best));
  const leftmost = (list) => list.reduce((best, one) => (one.half[0] < best.half[0] ? one : best));
  const upright = leftmost(seen("zaxis", [low, high]));
  const parts = [
    labelsBeside(nearest(seen("xaxis", [0, 1])), axes.xaxis, widthOf),
    labelsBeside(nearest(seen("yaxis", [0, 1])), axes.yaxis, widthOf),
    labelsBeside({ ...upright, length: upright.height, away: LEFT }, axes.zaxis, widthOf),
  ];
  const roof = roofOf(toPixel, high);
  const titles = parts.map((part) => moveInside(part, picture, roof)).filter(Boolean);
  const ticks = parts.flatMap((part) => part.ticks).filter((tick) => isInside(tick, picture));
  return withoutOverlaps([...titles, ...ticks]);
}

/** An axis without texts. Plotly makes triangles of every new one, also of those that it does not show. */
const bare = (axis) => ({ ...axis, showticklabels: false, ticktext: axis.tickvals.map(() => ""), title: { text: "" } });

/** Plotly's layout with axes without texts, which are in its `meta` instead. */
export function withoutTexts(layout) {
  const { xaxis, yaxis, zaxis } = layout.scene;
  const scene = { ...layout.scene, xaxis: bare(xaxis), yaxis: bare(yaxis), zaxis: bare(zaxis) };
  return { ...layout, scene, meta: { xaxis, yaxis, zaxis } };
}

/** Draw the labels of a scene's axes. */
export function drawAxisLabels(context, labels, { font, muted }) {
  context.fillStyle = muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { text, size, x, y } of labels) {
    context.font = `${size}px ${font}`;
    context.fillText(text, x, y);
  }
}

/** Measures texts in a font family as a context does. */
export const widthIn = (context, family) => (text, size) => {
  context.font = `${size}px ${family}`;
  return context.measureText(text).width;
};
