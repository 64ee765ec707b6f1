// Relief: the loss as a surface. Plotly draws the mesh; paths and the start are on an overlay that follows the scene's
// camera, so that nothing that moves waits for Plotly to draw the surface again.

import { clamp } from "../canvas/geometry.js";
import { cameraOf } from "./camera.js";
import { cameraFor, layoutOf, traceOf } from "./figure.js";
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

/** `onTurn()` is called whenever the camera may have moved. */
export function relief(element, canvas, onTurn) {
  let mesh = null;
  let first = true;

  return {
    async show(Plotly, frame, { scale, axes, quantity, losses }) {
      mesh = meshOf(frame, scale, losses);
      const camera = first ? null : element._fullLayout?.scene?.camera;
      const layout = layoutOf(element, mesh, axes, camera ?? cameraFor(element));
      const begins = first;
      first = false;
      await Plotly.react(element, [traceOf(mesh, quantity)], layout, {
        displayModeBar: false,
        plotGlPixelRatio: 1,
        scrollZoom: false,
      });
      if (begins) element.on("plotly_relayouting", onTurn);
      afterRender(element._fullLayout.scene._scene.glplot, onTurn);
    },
    /** The window point under a pixel of the element, held to the window; null where the surface is missed. */
    pointAt(px, py) {
      const camera = cameraOf(element);
      const point = camera && mesh && pick(camera.ray(px, py), mesh);
      return point ? clamp(mesh.window, point) : null;
    },
    draw: (picture) => drawReliefOverlay(canvas, mesh, mesh && cameraOf(element), picture),
  };
}
