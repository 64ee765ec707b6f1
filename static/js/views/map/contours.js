// Contours: contour lines and axes of the map, by Plotly.

import { byId } from "../elements/dom.js";
import { runStyles } from "../canvas/run_style.js";
import { labelledTicks } from "../canvas/ticks.js";
import { sharesOf } from "../canvas/value_scale.js";
import { MARGIN } from "./map.js";

const LEVELS = 9; // steps of the colour range between contours
const WALL = 1e4; // in shares of the colour range: lines lie at its foot
const SPACE = [70, 50]; // pixels between ticks, across and upward
const STRIDE = 2; // pixels at most between the points through which lines are drawn
const SHORT = 3; // letters of a name that is legible without a plate

// Peaks and holes as wide as one cell, per row of the grid, that levels cut off. Each is a line of its own. With more of
// them, lines would only darken the picture, and Plotly takes 15 s for the 40,000 hills of Ackley's function within ±100.
const MOST_SPECKS = 2;

const spacing = (low, high, count) => (high - low) / (count - 1);

/** Shares without holes: Inf and NaN are walls. A plain loop, because a callback per share takes many times as long. */
export function filledShares(shares) {
  const filled = new Float32Array(shares.length);
  for (let k = 0; k < filled.length; k++) filled[k] = shares[k] < WALL ? shares[k] : WALL;
  return filled;
}

/** The shares at which contours are drawn. */
export function contourLevels() {
  return Array.from({ length: LEVELS - 1 }, (_, k) => (k + 1) / LEVELS);
}

/**
 * Shares as Plotly draws contours of them, every `stride`-th in both directions. A hole makes it fill the grid step by
 * step, for half a minute, and a number that float32 has no place for is a hole: so Inf and NaN are walls, above the
 * highest contour.
 */
export function filledRows(shares, { rows, columns }, stride = 1) {
  const filled = filledShares(shares);
  return Array.from({ length: Math.ceil(rows / stride) }, (_, row) => {
    const whole = filled.subarray(row * stride * columns, (row * stride + 1) * columns);
    return stride === 1 ? whole : whole.filter((_, k) => k % stride === 0);
  });
}

/** The stride at which points are still closer than two pixels, so that lines take a fraction of the time. */
function strideOf({ rows, columns }, { clientWidth: width, clientHeight: height }) {
  const stride = Math.floor(Math.min((STRIDE * (columns - 1)) / width, (STRIDE * (rows - 1)) / height));
  return stride > 1 && (columns - 1) % stride === 0 && (rows - 1) % stride === 0 ? stride : 1;
}

/** Whether contours would be too close to each other, for shares row by row. */
export function tooCrowded(shares, { rows, columns }) {
  const filled = filledShares(shares);
  const steps = new Uint8Array(filled.length);
  for (let k = 0; k < steps.length; k++) steps[k] = Math.min(LEVELS, Math.max(0, Math.floor(filled[k] * LEVELS)));
  let specks = 0;
  for (let k = 1; k + 1 < steps.length; k++) {
    const [before, after] = [steps[k] - steps[k - 1], steps[k] - steps[k + 1]];
    if (before * after > 0 && k % columns && (k + 1) % columns) specks++;
  }
  return specks > MOST_SPECKS * rows;
}

function contourTrace(element, surface, shares, colour) {
  const { rows, columns } = surface;
  const [left, right, bottom, top] = surface.window;
  const stride = strideOf(surface, element);
  return {
    type: "contour",
    z: filledRows(shares, surface, stride),
    x0: left,
    dx: stride * spacing(left, right, columns),
    y0: bottom,
    dy: stride * spacing(bottom, top, rows),
    autocontour: false,
    contours: { coloring: "none", start: 1 / LEVELS, end: 1 - 0.5 / LEVELS, size: 1 / LEVELS },
    line: { color: colour, width: 0.6 },
    opacity: 0.35,
    hoverinfo: "skip",
    showscale: false,
  };
}

function axisOf(range, { ticks }, { muted, line }) {
  return {
    range,
    tickvals: ticks.map(({ value }) => value),
    ticktext: ticks.map(({ label }) => label),
    zeroline: false,
    showgrid: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: muted,
    linecolor: line,
    showline: true,
    mirror: true,
    fixedrange: true,
  };
}

/** The name of an axis. A long one is on a plate; a short one needs none, and a plate hides the picture. */
function axisName(text, { ink, paper }) {
  return {
    text,
    xref: "paper",
    yref: "paper",
    showarrow: false,
    font: { color: ink },
    ...(text.length > SHORT && { bgcolor: paper, opacity: 0.8, borderpad: 1 }),
  };
}

function contourLayout(element, [left, right, bottom, top], axes, styles) {
  const { clientWidth: width, clientHeight: height } = element;
  const across = labelledTicks(axes[0], left, right, Math.min(6, width / SPACE[0]));
  const upward = labelledTicks(axes[1], bottom, top, Math.min(6, height / SPACE[1]));
  return {
    margin: { l: MARGIN.left, r: MARGIN.right, t: MARGIN.top, b: MARGIN.bottom, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    font: { family: styles.font, size: styles.size, color: styles.muted },
    xaxis: axisOf([left, right], across, styles),
    yaxis: axisOf([bottom, top], upward, styles),
    // The names are at the ends of the axes: there is no room next to the ticks, and legend and buttons are below.
    annotations: [
      { ...axisName(upward.title, styles), x: 0, y: 1, xanchor: "left", yanchor: "top", xshift: 4, yshift: -2 },
      { ...axisName(across.title, styles), x: 1, y: 0, xanchor: "right", yanchor: "bottom", xshift: -4, yshift: 2 },
    ],
    width,
    height,
  };
}

/** Contour lines, if they can be told apart, and axes of a surface for an element, as Plotly is given them. */
export function contourFigure(element, surface, axes, scale) {
  const styles = runStyles();
  const { shares } = sharesOf(surface.loss, scale);
  return {
    traces: tooCrowded(shares, surface) ? [] : [contourTrace(element, surface, shares, styles.ink)],
    layout: contourLayout(element, surface.window, axes, styles),
  };
}

/** Draw contour lines and axes of a surface; a note says so if there are no lines. */
export function paintContours(Plotly, element, surface, axes, scale) {
  const { traces, layout } = contourFigure(element, surface, axes, scale);
  byId("no-contours").hidden = traces.length > 0;
  return Plotly.react(element, traces, layout, { staticPlot: true, responsive: false });
}
