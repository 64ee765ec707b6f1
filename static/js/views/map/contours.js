// Contours: contour lines and axes of the map, by Plotly.

import { runStyles } from "../canvas/run_style.js";
import { labelledTicks } from "../canvas/ticks.js";
import { heightsOf } from "../canvas/value_scale.js";
import { MARGIN } from "./map.js";

const SHORT = 3; // letters of a name that is legible without a plate

const spacing = (low, high, count) => (high - low) / (count - 1);

function contourTrace({ loss, window: [left, right, bottom, top], rows, columns }, scale, colour) {
  const { values, low, high } = heightsOf(loss, scale);
  return {
    type: "contour",
    z: Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns)),
    x0: left,
    dx: spacing(left, right, columns),
    y0: bottom,
    dy: spacing(bottom, top, rows),
    autocontour: false,
    contours: {
      coloring: "none",
      start: low + (high - low) / 9,
      end: high - (high - low) / 18,
      size: (high - low) / 9,
    },
    line: { color: colour, width: 0.6 },
    opacity: 0.35,
    hoverinfo: "skip",
    showscale: false,
  };
}

function axisOf(range, { ticks, narrow }, { muted, line }) {
  return {
    range,
    ...(narrow && { tickvals: ticks.map(({ value }) => value), ticktext: ticks.map(({ label }) => label) }),
    zeroline: false,
    showgrid: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: muted,
    linecolor: line,
    showline: true,
    mirror: true,
    fixedrange: true,
    nticks: 6,
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
  const [across, upward] = [labelledTicks(axes[0], left, right, 3), labelledTicks(axes[1], bottom, top, 3)];
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
    width: element.clientWidth,
    height: element.clientHeight,
  };
}

/** Draw contour lines and axes of a surface. */
export function paintContours(Plotly, element, surface, axes, scale) {
  const styles = runStyles();
  const trace = contourTrace(surface, scale, styles.ink);
  const layout = contourLayout(element, surface.window, axes, styles);
  return Plotly.react(element, [trace], layout, { staticPlot: true, responsive: false });
}
