// Relief: the loss as a surface. Plotly draws the mesh; paths and the start are on an overlay that follows
// the scene's camera, so that nothing that moves waits for a redraw of the surface.

import { formatNumber } from "../../state/numbers.js";
import { cameraOf } from "./camera.js";
import { drawn, drawnArray, plotlyScale, themeName } from "../canvas/colour.js";
import { clamped, pieces, prepared } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { drawLabel, drawPath } from "../canvas/paths.js";
import { drawProjection } from "../canvas/projection.js";
import { boxesOf, pick } from "./ray.js";
import { awayFromEnds, labelledTicks } from "../canvas/ticks.js";

const DEPTH = 1.5; // heights of the surface that the axis goes on below it, for points that hang there
const EYE = { x: 1.45, y: 0.75, z: 0.95 };
// A little to the left of the middle and below it, where the axes have their titles and ticks.
const CENTRE = { x: 0.05, y: -0.1, z: -0.15 };

/** A frame's mesh with its heights as drawn; what else must be seen, such as losses off the plane, is in `losses`. */
export function meshOf(frame, scale, losses = []) {
  const { values, ...bounds } = drawnArray(frame.loss, scale);
  const others = losses.filter(Number.isFinite).map((loss) => drawn(loss, scale));
  const high = bounds.high;
  // Not deeper than the surface is high once more and a half: it would be a plate on a pole.
  const deepest = bounds.low - DEPTH * (high - bounds.low);
  const low = Math.max(
    others.reduce((a, b) => Math.min(a, b), bounds.low),
    deepest,
  );
  // What is cut off at the top must not lie in the clipping plane itself, or it flickers.
  const margin = (high - low) * 0.02;
  const top = high + margin;
  const z = values.map((value) => Math.min(value, top));
  return {
    ...frame,
    bottom: bounds.low,
    // Colours are the surface's own, whatever else must be seen.
    brightest: high + (high - bounds.low) * 0.04,
    low: low - margin,
    high: top + margin,
    top,
    z,
    boxes: boxesOf({ ...frame, z }),
    scale,
  };
}

function rows(values, { lines, count }) {
  return Array.from({ length: lines }, (_, line) => values.subarray(line * count, (line + 1) * count));
}

function axis(title, range, look) {
  return {
    range,
    title: { text: title, font: { size: look.size * 1.05 } },
    showbackground: false,
    gridcolor: look.line,
    zeroline: false,
    nticks: 5,
    tickfont: { size: look.size * 0.85 },
    showspikes: false,
    color: look.muted,
  };
}

/** Round losses as ticks of a log height, at most five; a linear height has Plotly's own. */
function heightTicks({ scale, low, high }) {
  if (scale !== "log") return {};
  const powers = Array.from({ length: 13 }, (_, k) => 10 ** (k - 2));
  const shown = [0, ...powers, ...powers.map((v) => -v)].filter((v) => drawn(v, scale) > low && drawn(v, scale) < high);
  const kept = shown.filter((_, k) => k % Math.ceil(shown.length / 5) === 0);
  return { tickvals: kept.map((v) => drawn(v, scale)), ticktext: kept.map(formatNumber) };
}

/** Plotly's own of a narrow range; else none at the ends, where they would lie on those of another axis. */
function planeTicks(low, high) {
  const { ticks, narrow } = labelledTicks("", low, high, 5);
  if (narrow) return {};
  const shown = awayFromEnds(ticks, low, high);
  return { tickvals: shown.map(({ value }) => value), ticktext: shown.map(({ label }) => label) };
}

/** Far enough back that a narrow panel holds the whole surface, its labels too. */
function eyeFor(element) {
  const back = Math.max(1, 1.55 / (element.clientWidth / element.clientHeight));
  return { x: EYE.x * back, y: EYE.y * back, z: EYE.z * back };
}

export function relief(element, canvas) {
  let mesh = null;
  let Plotly = null;
  let turning = () => {};

  function layout(axes, camera) {
    const look = runStyles();
    const [left, right, bottom, top] = mesh.window;
    const height = mesh.scale === "log" ? "loss, log scale" : "loss";
    return {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
      font: { family: look.font, size: look.size, color: look.muted },
      width: element.clientWidth,
      height: element.clientHeight,
      scene: {
        xaxis: { ...axis(axes[0], [left, right], look), ...planeTicks(left, right) },
        yaxis: { ...axis(axes[1], [bottom, top], look), ...planeTicks(bottom, top) },
        zaxis: { ...axis(height, [mesh.low, mesh.high], look), ...heightTicks(mesh) },
        aspectmode: "manual",
        aspectratio: { x: 1.15, y: 1.15, z: 0.62 },
        camera: camera ?? { eye: eyeFor(element), center: CENTRE },
        dragmode: "turntable",
        hovermode: false,
      },
    };
  }

  function trace(quantity) {
    const colours =
      quantity === "loss"
        ? { values: mesh.z, low: mesh.bottom, high: mesh.brightest }
        : drawnArray(mesh[quantity], "log");
    return {
      type: "surface",
      x: rows(mesh.x, mesh),
      y: rows(mesh.y, mesh),
      z: rows(mesh.z, mesh),
      colorscale: plotlyScale(themeName()),
      surfacecolor: rows(colours.values, mesh),
      cmin: colours.low,
      cmax: colours.high,
      showscale: false,
      hoverinfo: "skip",
      lighting: { ambient: 0.72, diffuse: 0.5, specular: 0.04, roughness: 0.9, fresnel: 0.02 },
      lightposition: { x: -3000, y: -6000, z: 9000 },
      contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
    };
  }

  return {
    get ready() {
      return Boolean(mesh && cameraOf(element));
    },
    onTurn(listener) {
      turning = listener;
    },
    async show(library, frame, { scale, axes, quantity, losses }) {
      const first = !Plotly;
      Plotly = library;
      mesh = meshOf(frame, scale, losses);
      const camera = first ? null : element._fullLayout?.scene?.camera;
      await Plotly.react(element, [trace(quantity)], layout(axes, camera), {
        displayModeBar: false,
        plotGlPixelRatio: 1,
        scrollZoom: false,
      });
      if (first) element.on("plotly_relayouting", () => turning());
      element._fullLayout.scene._scene.glplot.onrender = wrapped(element._fullLayout.scene._scene.glplot.onrender, () =>
        turning(),
      );
    },
    /** The window point under a pixel of the element, held to the window; null where the surface is missed. */
    pointAt(px, py) {
      const camera = cameraOf(element);
      const found = camera && mesh && pick(camera.ray(px, py), mesh);
      return found ? clamped(mesh.window, found) : null;
    },
    draw({ window, runs, step, start, projection = null, shown = [] }) {
      const context = prepared(canvas);
      const camera = mesh && cameraOf(element);
      if (!camera || String(mesh.window) !== String(window)) return null;
      const look = runStyles();
      const box = { left: 0, top: 0, width: canvas.clientWidth, height: canvas.clientHeight, taken: [] };
      const place = (x, y, loss) => camera.toPixel(x, y, Math.min(drawn(loss, mesh.scale), mesh.top));
      for (const run of shown) drawProjection(context, { projection, run, window, look: look[run], place, box });
      for (const { run, trajectory, summary } of runs) {
        const found = pieces(trajectory, window, summary.last);
        drawPath(context, { pieces: found, trajectory, summary, look: look[run], place, step, box });
        if (summary.nonfinite_step >= 0 && step >= summary.nonfinite_step) {
          drawLabel(context, look[run], `Inf or NaN from step ${summary.nonfinite_step} on`, [box.width, 0], box);
        }
      }
      return start ? place(...start) : null;
    },
  };
}

/** Plotly's own render hook, with ours behind it, wrapped once. */
function wrapped(hook, after) {
  if (hook?.wrapped) return hook;
  const both = Object.assign(
    (...a) => {
      hook?.(...a);
      after();
    },
    { wrapped: true },
  );
  return both;
}
