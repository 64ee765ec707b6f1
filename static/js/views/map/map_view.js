// The map on the page: its image, contours, overlay and handle, kept up to date with the state.

import { heightOf, startOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { isLocked } from "../../state/presentation.js";
import { runsOn } from "../../state/runs/pair.js";
import { projectionShown, recordedRun } from "../../state/runs/training.js";
import { byId, setText } from "../elements/dom.js";
import { clamp, mapping } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { paintContours } from "./contours.js";
import { paintHeat } from "./heat.js";
import { boxOf, drawMapOverlay } from "./map.js";
import { minimaWords } from "./minima.js";

/** The scale of the map's colours. */
const scaleOf = ({ scene }) => (scene.colour === "gradient_norm" ? "log" : heightOf(scene));

/** Paint the state's surface on a canvas, in the box of an element; returns the legend. */
export function paintSurface(canvas, area, state) {
  const { surface, scene } = state;
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
    if (!surface || (painted[0] === surface && painted[1] === themeVersion)) return null;
    painted = [surface, themeVersion];
    return paintContours(plotly, element, surface, surface.axes, heightOf(scene));
  };
}

export function mapView({ store, start }) {
  const [area, heat, contours, overlay, button] = ["map", "heat", "contours", "map-overlay", "map-handle"].map(byId);
  button.disabled = isLocked("start");
  const handle = draggable(button, area, {
    grab: true,
    nudge: start.nudge,
    move(px, py, done) {
      const { surface } = store.get();
      if (surface) start.move(mapping(surface.window, boxOf(area)).toPoint(px, py), done);
    },
  });

  return {
    paintImage: heatPainter(area, heat),
    paintLines: contourPainter(contours),
    draw(state, runs, step) {
      const { surface, scene } = state;
      const { window, valley } = surface;
      // The handle of a start outside the window is held at the window's edge, where it can be dragged.
      const [x, y] = clamp(window, startOf(scene));
      const projected = projectionShown(state);
      const shown = projected ? [] : runsOn(surface, runs);
      drawMapOverlay(overlay, { window, surface, valley, runs: shown, step, ...(projected ?? recordedRun(state)) });
      overlay.dataset.plane = shown[0]?.slice ?? "";
      handle.place(mapping(window, boxOf(area)).toPixel(x, y));
      button.hidden = false;
    },
  };
}
