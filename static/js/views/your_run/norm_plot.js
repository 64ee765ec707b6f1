// The gradient norms of a log over its steps, on a log scale, with a line at the threshold.

import { formatNumber } from "../../state/numbers.js";

const WIDTH = 800;
const HEIGHT = 260;
const MARGIN = { left: 60, right: 10, top: 10, bottom: 30 };
// A norm is drawn as the largest and the smallest one of its part of the steps.
const PARTS = 700;

function element(name, attributes, ...children) {
  const found = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, String(value));
  found.append(...children);
  return found;
}

/** A coordinate, rounded to a tenth of a pixel. */
function tenth(value) {
  return Math.round(10 * value) / 10;
}

/** The ends of the finite norms above 0 on a log scale; undefined without any. */
function range(norms) {
  let [low, high] = [Infinity, 0];
  for (const norm of norms) {
    if (!(norm > 0 && norm < Infinity)) continue;
    low = Math.min(low, norm);
    high = Math.max(high, norm);
  }
  return high > 0 ? { low: low / 1.2, high: high * 1.2 } : undefined;
}

/** The picture of a log, and a function that moves the line of the threshold; undefined without norms. */
export function normPlot({ steps, norms }) {
  const ends = range(norms);
  if (!ends) return undefined;
  const last = Math.max(1, steps.length - 1);
  const across = (k) => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * k) / last;
  const share = (norm) => Math.log(norm / ends.low) / Math.log(ends.high / ends.low);
  const up = (norm) =>
    HEIGHT - MARGIN.bottom - (HEIGHT - MARGIN.top - MARGIN.bottom) * Math.min(1, Math.max(0, share(norm)));
  const limit = element("line", { class: "limit", x1: MARGIN.left, x2: WIDTH - MARGIN.right });
  const svg = element(
    "svg",
    { class: "norms", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Gradient norm over the steps" },
    ...axes(steps, ends, across, up),
    element("path", { class: "line", d: linePath(norms, across, up) }),
    element("path", { class: "broken", d: brokenPath(norms, across) }),
    limit,
  );
  const move = (threshold) => {
    limit.setAttribute("y1", String(up(threshold)));
    limit.setAttribute("y2", String(up(threshold)));
  };
  return { svg, move, ends };
}

function axes(steps, ends, across, up) {
  const found = [];
  for (let power = Math.ceil(Math.log10(ends.low)); 10 ** power <= ends.high; power++) {
    const y = up(10 ** power);
    const label = element("text", { x: MARGIN.left - 8, y: y + 4, "text-anchor": "end" }, formatNumber(10 ** power));
    found.push(element("line", { class: "axis", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y, y2: y }), label);
  }
  const y = HEIGHT - 8;
  const end = steps.length - 1;
  found.push(element("text", { x: across(0), y }, `step ${steps[0]}`));
  if (end > 0) found.push(element("text", { x: across(end), y, "text-anchor": "end" }, String(steps[end])));
  return found;
}

/** A line through the largest and the smallest norm of each part, with gaps at Inf and NaN. */
function linePath(norms, across, up) {
  const size = Math.max(1, Math.ceil(norms.length / PARTS));
  let path = "";
  let pen = "M";
  for (let first = 0; first < norms.length; first += size) {
    const part = range(norms.slice(first, first + size));
    if (!part) {
      pen = "M";
      continue;
    }
    const [low, high] = [part.low * 1.2, part.high / 1.2];
    const x = tenth(across(first));
    path += `${pen}${x} ${tenth(up(low))}L${x} ${tenth(up(high))}`;
    pen = "L";
  }
  return path;
}

/** A mark at the foot of every step with Inf or NaN. */
function brokenPath(norms, across) {
  const y = HEIGHT - MARGIN.bottom;
  const marks = norms.flatMap((norm, k) => (Number.isFinite(norm) ? [] : [`M${tenth(across(k))} ${y}v-12`]));
  return marks.slice(0, PARTS).join("");
}
