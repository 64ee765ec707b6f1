// Relief: the loss as a surface. Plotly draws the mesh; paths and the start are on an overlay that follows the scene's
// camera, so that nothing that moves waits for Plotly to draw the surface again.

import { clamp } from "../canvas/geometry.js";
import { withoutTexts } from "./axis_labels.js";
import { cameraOf, keepDragMode, steadyCamera } from "./camera.js";
import { cameraFor, distanceFor, layoutOf, scaledCamera, traceOf } from "./figure.js";
import { drawFirst } from "./first_drawing.js";
import { meshOf } from "./mesh.js";
import { drawReliefOverlay } from "./overlay.js";
import { pick } from "./ray.js";

/** Call `listener` after each of Plotly's own renderings, once however often this is called. */
function afterRender(glplot, listener) {
  const own = glplot.onrender;
  if (own?.followed) return;
  const both = (...given) => {
    own?.(...given);
    listener();
  };
  glplot.onrender = Object.assign(both, { followed: true });
}

/** Takes functions and calls each when the promises of all before it have ended, however they did. */
function oneAfterTheOther() {
  let last = Promise.resolve();
  return (work) => {
    const end = last.then(work);
    last = end.catch(() => {});
    return end;
  };
}

/** A fine screen gets as many pixels as it has, or the labels are blurred; software graphics has coarse screens. */
const options = () => ({
  displayModeBar: false,
  plotGlPixelRatio: Math.max(1, window.devicePixelRatio || 1),
  scrollZoom: false,
});

/**
 * Plotly's drawing in an element. Where it fails, or the graphics card drops it, an empty copy takes the element's place:
 * in the old one every later surface would fail too, or wait for a context that may never come back.
 */
function drawing(first, onTurn) {
  let element = first;
  let drawn = false;
  let latest = null; // trace and layout
  const inTurn = oneAfterTheOther();

  async function draw(Plotly) {
    if (!drawn) await drawFirst(Plotly, element, ...latest, options());
    const [trace, layout] = latest;
    await Plotly.react(element, [trace], layout, options());
    if (!drawn) {
      element.on("plotly_relayouting", onTurn);
      element.on("plotly_webglcontextlost", () => inTurn(() => renew(Plotly)).then(onTurn));
    }
    drawn = true;
    steadyCamera(element);
    keepDragMode(element);
    afterRender(element._fullLayout.scene._scene.glplot, onTurn);
  }

  async function renew(Plotly) {
    const empty = /** @type {HTMLElement} */ (first.cloneNode(false));
    element.replaceWith(empty);
    element = empty;
    drawn = false;
    await draw(Plotly);
  }

  return {
    element: () => element,
    /** The camera as it was turned; null before the first drawing. Plotly's layout misses turns made between two frames. */
    camera: () => (drawn ? element._fullLayout?.scene?._scene?.getCamera() : null),
    show(Plotly, trace, layout) {
      latest = [trace, layout];
      return inTurn(() => draw(Plotly).catch(() => renew(Plotly)));
    },
  };
}

/** `onTurn()` is called whenever the camera may have moved. */
export function relief(element, canvas, onTurn) {
  let mesh = null;
  let axes = null; // of the layout, with their texts
  let distance = 1;
  const plot = drawing(element, onTurn);

  /** The camera as it was turned, at the distance that the element has now; the first one otherwise. */
  function cameraNow() {
    const [camera, before] = [plot.camera(), distance];
    distance = distanceFor(plot.element());
    return camera ? scaledCamera(camera, distance / before) : cameraFor(plot.element());
  }

  return {
    /** Show a frame's mesh; returns whether fewer points are drawn than it has. */
    async show(Plotly, frame, { scale, quantity, losses }) {
      const shown = meshOf(frame, scale, losses);
      const layout = layoutOf(plot.element(), shown, frame.axes, cameraNow());
      [mesh, axes] = [shown, layout.scene];
      await plot.show(Plotly, traceOf(shown, quantity), withoutTexts(layout));
      return shown.lines < frame.lines;
    },
    /** The window point under a pixel of the element, held to the window; null where the surface is missed. */
    pointAt(px, py) {
      const camera = cameraOf(plot.element());
      const point = camera && mesh && pick(camera.ray(px, py), mesh);
      return point ? clamp(mesh.window, mesh.toPoint(point)) : null;
    },
    draw: (picture) => drawReliefOverlay(canvas, mesh, mesh && cameraOf(plot.element()), { ...picture, axes }),
  };
}
