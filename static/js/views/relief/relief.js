// Relief: the loss as a surface. Plotly draws the mesh; paths and the start are on an overlay that follows the scene's
// camera, so that nothing that moves waits for Plotly to draw the surface again.

import { clamp } from "../canvas/geometry.js";
import { withoutTexts } from "./axis_labels.js";
import { cameraOf, keepDragMode, leaveOutPicking, steadyCamera } from "./camera.js";
import { cameraFor, distanceFor, layoutOf, scaledCamera, traceOf } from "./figure.js";
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
  let latest = null;

  async function draw(Plotly) {
    await Plotly.react(element, ...latest, options());
    if (!drawn) {
      element.on("plotly_relayouting", onTurn);
      element.on("plotly_webglcontextlost", () => renew(Plotly).then(onTurn));
    }
    drawn = true;
    steadyCamera(element);
    keepDragMode(element);
    leaveOutPicking(element);
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
    async show(Plotly, trace, layout) {
      latest = [[trace], layout];
      try {
        await draw(Plotly);
      } catch {
        await renew(Plotly);
      }
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
      mesh = meshOf(frame, scale, losses);
      const layout = layoutOf(plot.element(), mesh, frame.axes, cameraNow());
      axes = layout.scene;
      await plot.show(Plotly, traceOf(mesh, quantity), withoutTexts(layout));
      return mesh.lines < frame.lines;
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
