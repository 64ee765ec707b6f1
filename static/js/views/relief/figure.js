// Figure: the surface and the scene around it, as Plotly is given them.

import { plotlyScale, themeName } from "../canvas/colour.js";
import { runStyles } from "../canvas/run_style.js";
import { innerTicks } from "../canvas/ticks.js";
import { sharesOf } from "../canvas/value_scale.js";
import { lossTicks } from "../map/loss_ticks.js";

const EYE = { x: 1.45, y: 0.75, z: 0.95 };
// A little to the left of the middle and below it, where the axes have their titles and ticks.
const CENTRE = { x: 0.05, y: -0.1, z: -0.15 };
const LABELS = 6.4; // widths of a letter that labels need on both sides

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

/** Ticks, as places and labels, for an axis of shares of a range. */
function ticksAt(ticks, share) {
  return { tickvals: ticks.map(({ value }) => share(value)), ticktext: ticks.map(({ label }) => label) };
}

/** An axis of the window. Ticks at its ends are left out, where they would cover those of another axis. */
function planeAxis(name, low, high, styles) {
  const { title, ticks } = innerTicks(name, low, high);
  return { ...axisOf(title, [0, 1], styles), ...ticksAt(ticks, (value) => (value - low) / (high - low)) };
}

/** The axis of losses; a flat surface has its one value as its only tick. */
function heightAxis({ scale, low, high }, styles) {
  const { title, ticks } = lossTicks(scale, low, high);
  return { ...axisOf(title, [low, high], styles), ...ticksAt(ticks, scale.share) };
}

/** How far back the camera is, so that a narrow panel holds the whole surface with its labels, however large they are. */
export function distanceFor({ clientWidth: width, clientHeight: height }) {
  const labels = LABELS * runStyles().size;
  return Math.max(1, (1.55 * height) / width, (1.27 * height) / Math.max(width - labels, 1));
}

/** A camera that is moved away from the middle of the scene, or towards it. */
export function scaledCamera({ eye, ...camera }, ratio) {
  return { ...camera, eye: { x: eye.x * ratio, y: eye.y * ratio, z: eye.z * ratio } };
}

export function cameraFor(element) {
  return scaledCamera({ eye: EYE, center: CENTRE }, distanceFor(element));
}

function sceneOf(mesh, axes, camera, styles) {
  const [left, right, bottom, top] = mesh.window;
  return {
    xaxis: planeAxis(axes[0], left, right, styles),
    yaxis: planeAxis(axes[1], bottom, top, styles),
    zaxis: heightAxis(mesh, styles),
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

/**
 * Values of a mesh as rows that run upwards. Where points along the first row have uneven distances to the right, Plotly
 * takes their greatest common divisor as the distance of points that it draws, which multiplies them by up to six.
 */
function rowsOf(values, { lines, count, across }) {
  if (across[0] === across[count - 1])
    return Array.from({ length: lines }, (_, line) => values.subarray(line * count, (line + 1) * count));
  return Array.from({ length: count }, (_, k) =>
    Float32Array.from({ length: lines }, (_, line) => values[line * count + k]),
  );
}

/** Shares as colours: NaN is a hole of the surface, so its colour is never seen, but it must be a number. */
function coloursOf(shares) {
  const colours = new Float32Array(shares.length);
  for (let k = 0; k < colours.length; k++) colours[k] = Math.min(1, Math.max(0, shares[k] || 0));
  return colours;
}

/** The surface as a trace, coloured by a quantity. */
export function traceOf(mesh, quantity) {
  const colours = coloursOf(quantity === "loss" ? mesh.z : sharesOf(mesh[quantity], "log").shares);
  return {
    type: "surface",
    x: rowsOf(mesh.across, mesh),
    y: rowsOf(mesh.upward, mesh),
    z: rowsOf(mesh.z, mesh),
    opacity: mesh.empty ? 0 : 1,
    colorscale: plotlyScale(themeName()),
    surfacecolor: rowsOf(colours, mesh),
    cmin: 0,
    cmax: 1,
    showscale: false,
    hoverinfo: "skip",
    lighting: { ambient: 0.72, diffuse: 0.5, specular: 0.04, roughness: 0.9, fresnel: 0.02 },
    lightposition: { x: -3000, y: -6000, z: 9000 },
    contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
  };
}
