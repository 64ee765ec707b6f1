// The map on the page: image, lines, overlay and handle kept up with the state.

import { heightOf, startOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { projectionShown } from "../../state/runs/training.js";
import { byId } from "../elements/dom.js";
import { clamped, mapping } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { boxOf, drawMapOverlay, paintContours, paintHeat } from "./map.js";

export function mapView({ catalogue, store, start }) {
  const [area, heat, contours, overlay] = ["map", "heat", "contours", "map-overlay"].map(byId);
  const scaleFor = (state) => (state.scene.colour === "gradient_norm" ? "log" : heightOf(state.scene));
  const handle = draggable(byId("map-handle"), area, {
    grab: true,
    nudge: start.nudge,
    move(px, py, done) {
      const { surface } = store.get();
      if (surface) start.move(mapping(surface.window, boxOf(area)).toPoint(px, py), done);
    },
  });
  let lines = [];

  return {
    paintImage: onChange(
      (s) => [s.surface, s.scene.colour, scaleFor(s), s.themeVersion],
      (state) => {
        const { surface } = state;
        if (!surface) return;
        const quantity = surface[state.scene.colour] ? state.scene.colour : "loss";
        paintHeat(heat, surface, boxOf(area), scaleFor(state), quantity);
        Object.assign(area.dataset, { columns: surface.columns, key: surface.key, landscape: surface.landscape });
      },
    ),
    paintLines({ plotly, surface, themeVersion, scene }) {
      if (!surface || (lines[0] === surface && lines[1] === themeVersion)) return null;
      lines = [surface, themeVersion];
      return paintContours(plotly, contours, surface, surface.axes, heightOf(scene));
    },
    draw(state, runs, step) {
      const { surface, scene } = state;
      const { valley } = surface;
      // A start beyond the window is held at its edge, where it can be taken hold of.
      const [x, y] = clamped(surface.window, startOf(scene));
      const shown = projectionShown(state);
      drawMapOverlay(overlay, {
        window: surface.window,
        surface,
        valley,
        runs: shown ? [] : runs,
        step,
        ...(shown ?? {}),
      });
      handle.place(mapping(surface.window, boxOf(area)).toPixel(x, y));
      byId("map-handle").hidden = false;
    },
  };
}
