// The map on the page: its image, contours, overlay and handle, kept up to date with the state.

import { heightOf, isCurve, startOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { isLocked } from "../../state/presentation.js";
import { runsOn } from "../../state/runs/pair.js";
import { projectionShown, recordedRun } from "../../state/runs/training.js";
import { byId, setText } from "../elements/dom.js";
import { mapping } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { paintContours } from "./contours.js";
import { paintCurve } from "./curve.js";
import { pictureIn, pixelOf } from "./curve_plane.js";
import { paintHeat } from "./heat.js";
import { boxOf, drawMapOverlay } from "./map.js";
import { minimaWords } from "./minima.js";

const HINT = 120; // pixels that the hint takes to the right of the start

/** The scale of the map's colours. */
const scaleOf = ({ scene }) => (scene.colour === "gradient_norm" ? "log" : heightOf(scene));

/** Paint the state's surface on a canvas, in the box of an element, and a curve with its axes; returns the legend. */
export function paintSurface(canvas, area, state) {
  const { surface, scene } = state;
  if (isCurve(surface)) return paintCurve(canvas, surface, boxOf(area), heightOf(scene));
  const quantity = surface[scene.colour] ? scene.colour : "loss";
  return paintHeat(canvas, surface, boxOf(area), scaleOf(state), quantity);
}

/** Paints the heat image again when what it shows has changed. */
function heatPainter(area, canvas) {
  return onChange(
    (state) => [state.surface, state.scene.colour, scaleOf(state), state.themeVersion],
    (state) => {
      const { surface } = state;
      if (!surface) return;
      const legend = paintSurface(canvas, area, state);
      setText(byId("minima-words"), ` ${minimaWords(surface)}`.trimEnd());
      Object.assign(area.dataset, {
        legend,
        columns: surface.columns,
        key: surface.key,
        landscape: surface.landscape,
        plane: surface.slice,
      });
    },
  );
}

/** Paints the contours again for another surface or theme; null where there is nothing to do. */
function contourPainter(element) {
  let painted = [];
  return ({ plotly, surface, themeVersion, scene }) => {
    if (!surface || isCurve(surface) || (painted[0] === surface && painted[1] === themeVersion)) return null;
    painted = [surface, themeVersion];
    return paintContours(plotly, element, surface, surface.axes, heightOf(scene));
  };
}

/** The pixel of the start. The handle of a start outside the window is held at its edge, where it can be dragged. */
export function startPixel({ surface, scene }, box) {
  return pixelOf(surface, heightOf(scene), startOf(scene), box);
}

export function mapView({ store, start }) {
  const [area, heat, contours, overlay, button] = ["map", "heat", "contours", "map-overlay", "map-handle"].map(byId);
  button.disabled = isLocked("start");
  const handle = draggable(button, area, {
    grab: true,
    nudge: start.nudge,
    move(px, py, done) {
      const { surface, scene } = store.get();
      if (!surface) return;
      const { window } = pictureIn(surface, [], heightOf(scene));
      const [x, y] = mapping(window, boxOf(area)).toPoint(px, py);
      start.move([x, isCurve(surface) ? 0 : y], done);
    },
  });

  return {
    paintImage: heatPainter(area, heat),
    paintLines: contourPainter(contours),
    draw(state, runs, step) {
      const { surface, scene } = state;
      const scale = heightOf(scene);
      // A curve has its axes on the canvas below, from its first frame on.
      contours.hidden = isCurve(surface);
      const projected = projectionShown(state);
      const shown = projected ? [] : runsOn(surface, runs);
      drawMapOverlay(overlay, { surface, scale, runs: shown, step, ...(projected ?? recordedRun(state)) });
      overlay.dataset.plane = shown[0]?.slice ?? "";
      const pixel = startPixel(state, boxOf(area));
      handle.place(pixel);
      // On the other side there is room for the hint.
      button.classList.toggle("at-right", pixel[0] > area.clientWidth - HINT);
      button.classList.toggle("on-curve", isCurve(surface));
      button.hidden = false;
    },
  };
}
