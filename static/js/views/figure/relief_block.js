// Relief block: the relief of a figure. Plotly's scene is an image, at the figure's resolution and under the camera of the
// page; the paths over it are lines, and the labels of its axes are texts.

import { heightOf, startOf } from "../../state/scene/lookup.js";
import { runsOn } from "../../state/runs/pair.js";
import { projectionShown, recordedRun } from "../../state/runs/training.js";
import { inside } from "../canvas/geometry.js";
import { inTheme } from "../canvas/run_style.js";
import { byId, make } from "../elements/dom.js";
import { withoutTexts } from "../relief/axis_labels.js";
import { cameraOf } from "../relief/camera.js";
import { cameraFor, distanceFor, layoutOf, scaledCamera, traceOf } from "../relief/figure.js";
import { meshOf } from "../relief/mesh.js";
import { drawLabels, drawReliefOverlay } from "../relief/overlay.js";
import { drawStartRing } from "../paths/start_ring.js";
import { svgDrawing } from "./svg_context.js";

const FINEST = 4; // pixels per unit that Plotly draws at most
const NEAR = 0.9; // of the distance on the page, where a handle needs room
const NO_WEBGL = "The relief cannot be exported, because this browser cannot draw it: it has no WebGL";

/** An element outside the window in which Plotly draws. */
function hiddenElement(width, height) {
  const element = make("div", { "aria-hidden": "true" });
  Object.assign(element.style, { position: "fixed", left: "-10000px", top: "0" });
  Object.assign(element.style, { width: `${width}px`, height: `${height}px` });
  document.body.append(element);
  return element;
}

/** The camera of the page's relief at distance 1. The distance on the page has room for the page's type. */
function pageCamera() {
  const panel = byId("relief-plot");
  const turned = panel._fullLayout?.scene?.camera;
  return scaledCamera({ ...cameraFor(panel), ...turned }, 1 / distanceFor(panel));
}

/** Plotly's picture of a mesh, and the camera that sees it. */
async function drawScene(plotly, element, trace, layout, scale) {
  const options = { displayModeBar: false, plotGlPixelRatio: Math.min(scale, FINEST) };
  await plotly.newPlot(element, [trace], layout, options);
  const scene = element._fullLayout?.scene?._scene;
  if (!scene?.glplot) throw new Error(NO_WEBGL);
  return { image: await scene.toImage("png"), camera: cameraOf(element) };
}

/** Paths and start over a mesh that a camera sees. */
function drawOverlay(canvas, { state, runs }, step, { mesh, camera, labels }) {
  const { relief: frame, scene } = state;
  const projected = projectionShown(state);
  const [x, y] = startOf(scene);
  const start = inside(frame.window, x, y) ? [x, y, runs[0].trajectory.loss[0]] : null;
  const dots = projected ?? recordedRun(state);
  const picture = { window: frame.window, runs: projected ? [] : runsOn(frame, runs), step, start, labels, ...dots };
  const pixel = drawReliefOverlay(canvas, mesh, camera, picture);
  if (pixel) drawStartRing(canvas.getContext("2d"), pixel);
}

/** The relief with its paths, in a size. */
export async function reliefBlock(shown, { width, height, scale, theme }) {
  const { plotly, relief: frame, scene } = shown.state;
  const projected = projectionShown(shown.state) ?? recordedRun(shown.state);
  const losses = projected.shown?.length ? projected.projection.loss : [];
  const mesh = meshOf(frame, heightOf(scene), [...losses]);
  const element = hiddenElement(width, height);
  const seen = pageCamera();
  try {
    const [trace, layout] = inTheme(theme, () => [
      traceOf(mesh, frame[scene.colour] ? scene.colour : "loss"),
      layoutOf(element, mesh, frame.axes, scaledCamera(seen, NEAR * distanceFor(element))),
    ]);
    const { image, camera } = await drawScene(plotly, element, trace, withoutTexts(layout), scale);
    const drawing = svgDrawing(width, height, scale);
    drawing.context.embed(image, 0, 0, width, height);
    const labels = inTheme(theme, () => drawLabels(drawing.context, mesh, camera, layout.scene, drawing));
    const draw = (canvas, step) => drawOverlay(canvas, shown, step, { mesh, camera, labels });
    return { width, height, markup: drawing.markup(), moving: [{ x: 0, y: 0, width, height, draw }] };
  } finally {
    plotly.purge(element);
    element.remove();
  }
}
