// The gradient norms of a log over its steps, on a log scale, with a line at the threshold.

import { formatNumber } from "../../state/numbers.js";

const WIDTH = 800;
const HEIGHT = 260;
const MARGIN = { left: 60, right: 10, top: 10, bottom: 30 };

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

/** The picture of a log, which `normParts` has taken apart, and a function that moves the line of the threshold. */
export function normPlot({ parts, ends, records, first, last }) {
  const across = (k) => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * k) / Math.max(1, records - 1);
  const share = (norm) => Math.log(norm / ends.low) / Math.log(ends.high / ends.low);
  const up = (norm) =>
    HEIGHT - MARGIN.bottom - (HEIGHT - MARGIN.top - MARGIN.bottom) * Math.min(1, Math.max(0, share(norm)));
  const limit = element("line", { class: "limit", x1: MARGIN.left, x2: WIDTH - MARGIN.right });
  const svg = element(
    "svg",
    { class: "norms", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Gradient norm over the steps" },
    ...valueAxis(ends, up),
    ...stepLabels(records > 1 ? [first, last] : [first]),
    element("path", { class: "line", d: linePath(parts, across, up) }),
    element("path", { class: "broken", d: brokenPath(parts, across) }),
    limit,
  );
  const move = (threshold) => {
    limit.setAttribute("y1", String(up(threshold)));
    limit.setAttribute("y2", String(up(threshold)));
  };
  return { svg, move };
}

function valueAxis(ends, up) {
  const found = [];
  for (let power = Math.ceil(Math.log10(ends.low)); 10 ** power <= ends.high; power++) {
    const y = up(10 ** power);
    const label = element("text", { x: MARGIN.left - 8, y: y + 4, "text-anchor": "end" }, formatNumber(10 ** power));
    found.push(element("line", { class: "axis", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y, y2: y }), label);
  }
  return found;
}

function stepLabels(steps) {
  const places = [{ x: MARGIN.left }, { x: WIDTH - MARGIN.right, "text-anchor": "end" }];
  return steps.map((step, k) => element("text", { ...places[k], y: HEIGHT - 8 }, k ? String(step) : `step ${step}`));
}

/** A line through the smallest and the largest norm of each part, with gaps at parts without any. */
function linePath(parts, across, up) {
  let path = "";
  let pen = "M";
  for (const { at, low, high } of parts) {
    if (!(high > 0)) {
      pen = "M";
      continue;
    }
    const x = tenth(across(at));
    path += `${pen}${x} ${tenth(up(low))}L${x} ${tenth(up(high))}`;
    pen = "L";
  }
  return path;
}

/** A mark at the foot of every part with Inf or NaN. */
function brokenPath(parts, across) {
  const y = HEIGHT - MARGIN.bottom;
  return parts.map(({ at, broken }) => (broken ? `M${tenth(across(at))} ${y}v-12` : "")).join("");
}
