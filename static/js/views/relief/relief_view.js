// The relief on the page: mesh, overlay and handle, kept up to date with the state.

import { heightOf, isCurve, startOf, surfaceOf } from "../../state/scene/lookup.js";
import { isLocked } from "../../state/presentation.js";
import { runsOn } from "../../state/runs/pair.js";
import { projectionShown, recordedRun } from "../../state/runs/training.js";
import { byId } from "../elements/dom.js";
import { inside } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { relief } from "./relief.js";

const NO_LOSSES = new Float64Array(0);

/** Paints the mesh again when what it shows has changed. */
function meshPainter(store, surface, area) {
  let painted = [];
  let mesh = null;
  async function paint(state) {
    const { plotly, relief: frame, themeVersion, scene } = state;
    const projected = projectionShown(state) ?? recordedRun(state);
    const losses = projected.shown?.length ? projected.projection.loss : NO_LOSSES;
    const now = [frame, themeVersion, scene.colour, losses];
    if (!frame || now.every((value, k) => value === painted[k])) return;
    painted = now;
    const isThinned = await surface.show(plotly, frame, {
      scale: heightOf(scene),
      quantity: frame[scene.colour] ? scene.colour : "loss",
      losses: [...losses],
    });
    byId("thinned").hidden = !isThinned;
    mesh = frame;
    Object.assign(area.dataset, { lines: frame.lines, key: frame.key, plane: frame.slice });
    store.set({ turned: {} });
  }

  return { paint, mesh: () => mesh };
}

export function reliefView({ store, runs, start }) {
  const [area, plot, overlay, button] = ["relief", "relief-plot", "relief-overlay", "relief-handle"].map(byId);
  const surface = relief(plot, overlay, () => {
    const state = store.get();
    draw(state, runs(state), state.hover ?? state.step);
  });
  const painter = meshPainter(store, surface, area);
  button.disabled = isLocked("start");
  const handle = draggable(button, area, {
    nudge: start.nudge,
    move(px, py, done) {
      start.move(surface.pointAt(px, py) ?? startOf(store.get().scene), done);
    },
  });

  function draw(state, current, step) {
    if (!state.relief || state.relief.landscape !== state.scene.landscape.kind) return;
    // The last relief of a formula, which has become a curve.
    if (isCurve(surfaceOf(state.scene))) return;
    const { window } = state.relief;
    const [x, y] = startOf(state.scene);
    const at = current.length && inside(window, x, y) && [x, y, current[0].trajectory.loss[0]];
    const projected = projectionShown(state);
    const shown = projected ? [] : runsOn(painter.mesh() ?? state.relief, current);
    const pixel = surface.draw({ window, runs: shown, step, start: at, ...(projected ?? recordedRun(state)) });
    overlay.dataset.plane = shown[0]?.slice ?? "";
    // Plotly needs a moment for the mesh of another plane than the map's; until then this one is drawn faint.
    area.dataset.stale = String(Boolean(painter.mesh()) && painter.mesh().slice !== state.surface?.slice);
    button.hidden = !pixel;
    if (pixel) handle.place(pixel);
  }

  // Plotly takes every turn of the wheel, even where it does nothing with it; the page must scroll there.
  area.addEventListener("wheel", (event) => event.ctrlKey || event.stopPropagation(), { capture: true });

  return { draw, paintMesh: painter.paint };
}
