// Plain axes: contour lines and axes of the map on a canvas, for a page without Plotly.

import { heightOf, isCurve } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { drawWithin, fitContext } from "../canvas/context.js";
import { mapping } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { sharesOf } from "../canvas/value_scale.js";
import { byId, make } from "../elements/dom.js";
import { contourSegments } from "./contour_lines.js";
import { contourLevels, filledShares, tooCrowded } from "./contours.js";
import { boxOf } from "./map.js";
import { drawMapAxes } from "./map_axes.js";

function drawContours(context, surface, box, scale) {
  const shares = filledShares(sharesOf(surface.loss, scale).shares);
  const crowded = tooCrowded(shares, surface);
  byId("no-contours").hidden = !crowded;
  if (crowded) return;
  const across = box.width / (surface.columns - 1);
  const up = box.height / (surface.rows - 1);
  context.beginPath();
  for (const level of contourLevels()) {
    for (const [x0, y0, x1, y1] of contourSegments(shares, surface, level)) {
      context.moveTo(box.left + x0 * across, box.bottom - y0 * up);
      context.lineTo(box.left + x1 * across, box.bottom - y1 * up);
    }
  }
  context.globalAlpha = 0.35;
  context.lineWidth = 0.6;
  context.strokeStyle = runStyles().ink;
  context.stroke();
  context.globalAlpha = 1;
}

/** Follows the state, on a canvas in `element`. */
export function plainAxes(element) {
  const canvas = make("canvas", { className: "plain-axes" });
  element.append(canvas);
  return onChange(
    ({ surface, themeVersion, scene }) => [surface, themeVersion, heightOf(scene)],
    ({ surface, scene }) => {
      if (!surface) return;
      const context = fitContext(canvas);
      // A curve is painted with its axes.
      if (isCurve(surface)) return;
      const box = boxOf(canvas);
      const { window, axes } = surface;
      drawWithin(context, box, () => drawContours(context, surface, box, heightOf(scene)));
      drawMapAxes(context, box, { window, axes, toPixel: mapping(window, box).toPixel });
    },
  );
}
