// The map on the page: its picture, overlay and handle, kept up to date with the state.

import { heightOf, isCurve, startOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { isLocked } from "../../state/presentation.js";
import { runsOn } from "../../state/runs/pair.js";
import { projectionShown, recordedRun } from "../../state/runs/training.js";
import { byId, setText } from "../elements/dom.js";
import { mapping } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { sharesOf } from "../canvas/value_scale.js";
import { drawContours } from "./contours.js";
import { paintCurve } from "./curve.js";
import { pictureIn, pixelOf } from "./curve_plane.js";
import { paintHeat } from "./heat.js";
import { boxOf, drawMapOverlay } from "./map.js";
import { drawMapAxes } from "./map_axes.js";
import { minimaWords } from "./minima.js";

const FINE = 129; // columns; lines that are too close on a coarser grid may be far apart on a finer one
const HINT = 120; // pixels that the hint takes to the right of the start

/** The scale of the map's colours. */
const scaleOf = ({ scene }) => (scene.colour === "gradient_norm" ? "log" : heightOf(scene));

/** Paint a surface of two parameters. Contour lines are those of the loss, whatever the colours show. */
function paintPlane(canvas, box, state) {
  const { surface, scene } = state;
  const quantity = surface[scene.colour] ? scene.colour : "loss";
  const [scale, height] = [scaleOf(state), heightOf(scene)];
  const losses = sharesOf(surface.loss, height);
  const coloured = quantity === "loss" && scale === height ? losses : sharesOf(surface[quantity], scale);
  const legend = paintHeat(canvas, surface, box, coloured, quantity);
  const context = canvas.getContext("2d");
  const drawn = drawContours(context, surface, losses.shares, box);
  const { window, axes } = surface;
  drawMapAxes(context, box, { window, axes, toPixel: mapping(window, box).toPixel });
  return { legend, crowded: !drawn && surface.columns >= FINE };
}

/**
 * Paint the state's surface on a canvas, in the box of an element: its colours with contour lines and axes, or a curve.
 * Returns the legend in words, and whether contour lines are left out because they would be too close to each other.
 */
export function paintSurface(canvas, area, state) {
  const { surface, scene } = state;
  const box = boxOf(area);
  if (!isCurve(surface)) return paintPlane(canvas, box, state);
  return { legend: paintCurve(canvas, surface, box, heightOf(scene)), crowded: false };
}

/** Paints the surface again when what it shows has changed. */
function surfacePainter(area, canvas) {
  return onChange(
    (state) => [state.surface, state.scene.colour, scaleOf(state), state.themeVersion],
    (state) => {
      const { surface } = state;
      if (!surface) return;
      const { legend, crowded } = paintSurface(canvas, area, state);
      byId("no-contours").hidden = !crowded;
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

/** The pixel of the start. The handle of a start outside the window is held at its edge, where it can be dragged. */
export function startPixel({ surface, scene }, box) {
  return pixelOf(surface, heightOf(scene), startOf(scene), box);
}

export function mapView({ store, start }) {
  const [area, picture, overlay, button] = ["map", "heat", "map-overlay", "map-handle"].map(byId);
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
    paintSurface: surfacePainter(area, picture),
    draw(state, runs, step) {
      const { surface, scene } = state;
      const scale = heightOf(scene);
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
