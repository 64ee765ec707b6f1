// Figure: the surface and the scene around it, as Plotly is given them.

import { formatNumber } from "../../state/numbers.js";
import { plotlyScale, themeName } from "../canvas/colour.js";
import { runStyles } from "../canvas/run_style.js";
import { awayFromEnds, labelledTicks } from "../canvas/ticks.js";
import { heightsOf, toHeight } from "../canvas/value_scale.js";

const EYE = { x: 1.45, y: 0.75, z: 0.95 };
// A little to the left of the middle and below it, where the axes have their titles and ticks.
const CENTRE = { x: 0.05, y: -0.1, z: -0.15 };

function axisOf(title, range, { size, line, muted }) {
  return {
    range,
    title: { text: title, font: { size: size * 1.05 } },
    showbackground: false,
    gridcolor: line,
    zeroline: false,
    nticks: 5,
    tickfont: { size: size * 0.85 },
    showspikes: false,
    color: muted,
  };
}

/** Round losses as ticks of a log height, at most five; a linear height has Plotly's own. */
function heightTicks({ scale, low, high }) {
  if (scale !== "log") return {};
  const powers = Array.from({ length: 13 }, (_, k) => 10 ** (k - 2));
  const shown = [0, ...powers, ...powers.map((value) => -value)].filter((value) => {
    const height = toHeight(value, scale);
    return height > low && height < high;
  });
  const ticks = shown.filter((_, k) => k % Math.ceil(shown.length / 5) === 0);
  return { tickvals: ticks.map((value) => toHeight(value, scale)), ticktext: ticks.map(formatNumber) };
}

/** Ticks away from the ends, where they would cover those of another axis; a narrow range has Plotly's own. */
function planeTicks(low, high) {
  const { ticks, narrow } = labelledTicks("", low, high, 5);
  if (narrow) return {};
  const shown = awayFromEnds(ticks, low, high);
  return { tickvals: shown.map(({ value }) => value), ticktext: shown.map(({ label }) => label) };
}

/** A camera so far back that a narrow panel holds the whole surface with its labels. */
export function cameraFor(element) {
  const back = Math.max(1, 1.55 / (element.clientWidth / element.clientHeight));
  return { eye: { x: EYE.x * back, y: EYE.y * back, z: EYE.z * back }, center: CENTRE };
}

function sceneOf(mesh, axes, camera, styles) {
  const [left, right, bottom, top] = mesh.window;
  const height = mesh.scale === "log" ? "loss, log scale" : "loss";
  return {
    xaxis: { ...axisOf(axes[0], [left, right], styles), ...planeTicks(left, right) },
    yaxis: { ...axisOf(axes[1], [bottom, top], styles), ...planeTicks(bottom, top) },
    zaxis: { ...axisOf(height, [mesh.low, mesh.high], styles), ...heightTicks(mesh) },
    aspectmode: "manual",
    aspectratio: { x: 1.15, y: 1.15, z: 0.62 },
    camera,
    dragmode: "turntable",
    hovermode: false,
  };
}

/** Layout of a mesh in an element, seen by a camera. */
export function layoutOf(element, mesh, axes, camera) {
  const styles = runStyles();
  return {
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    font: { family: styles.font, size: styles.size, color: styles.muted },
    width: element.clientWidth,
    height: element.clientHeight,
    scene: sceneOf(mesh, axes, camera, styles),
  };
}

function rowsOf(values, { lines, count }) {
  return Array.from({ length: lines }, (_, line) => values.subarray(line * count, (line + 1) * count));
}

/** The surface as a trace, coloured by a quantity. */
export function traceOf(mesh, quantity) {
  const colours =
    quantity === "loss" ? { values: mesh.z, low: mesh.bottom, high: mesh.brightest } : heightsOf(mesh[quantity], "log");
  return {
    type: "surface",
    x: rowsOf(mesh.x, mesh),
    y: rowsOf(mesh.y, mesh),
    z: rowsOf(mesh.z, mesh),
    colorscale: plotlyScale(themeName()),
    surfacecolor: rowsOf(colours.values, mesh),
    cmin: colours.low,
    cmax: colours.high,
    showscale: false,
    hoverinfo: "skip",
    lighting: { ambient: 0.72, diffuse: 0.5, specular: 0.04, roughness: 0.9, fresnel: 0.02 },
    lightposition: { x: -3000, y: -6000, z: 9000 },
    contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
  };
}
