// The relief on the page: mesh, overlay and handle kept up with the state.

import { heightOf, startOf } from "../../state/scene/lookup.js";
import { projectionShown } from "../../state/runs/training.js";
import { byId } from "../elements/dom.js";
import { inside } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { relief } from "./relief.js";

const NOTHING = new Float64Array(0);

export function reliefView({ catalogue, store, runs, start }) {
  const [area, plot, overlay] = ["relief", "relief-plot", "relief-overlay"].map(byId);
  const surface = relief(plot, overlay);
  const handle = draggable(byId("relief-handle"), area, {
    nudge: start.nudge,
    move(px, py, done) {
      start.move(surface.pointAt(px, py) ?? startOf(store.get().scene), done);
    },
  });
  let mesh = [];

  function draw(state, current, step) {
    if (!state.relief || state.relief.landscape !== state.scene.landscape.kind) return;
    const [first] = current;
    const [x, y] = startOf(state.scene);
    const at = first && inside(state.relief.window, x, y) && [x, y, first.trajectory.loss[0]];
    const shown = projectionShown(state);
    const { window } = state.relief;
    const pixel = surface.draw({ window, runs: shown ? [] : current, step, start: at, ...shown });
    byId("relief-handle").hidden = !pixel;
    if (pixel) handle.place(pixel);
  }

  surface.onTurn(() => {
    const state = store.get();
    draw(state, runs(state), state.hover ?? state.step);
  });

  // Plotly takes the wheel even where it does nothing with it; a page that cannot be scrolled there is stuck.
  area.addEventListener("wheel", (event) => event.ctrlKey || event.stopPropagation(), { capture: true });

  return {
    draw,
    async paintMesh(state) {
      const { plotly, relief: frame, themeVersion, scene } = state;
      const shown = projectionShown(state);
      const losses = shown?.shown.length ? shown.projection.loss : NOTHING;
      const now = [frame, themeVersion, scene.colour, losses];
      if (!frame || now.every((value, k) => value === mesh[k])) return;
      mesh = now;
      const quantity = frame[scene.colour] ? scene.colour : "loss";
      await surface.show(plotly, frame, {
        scale: heightOf(scene),
        axes: frame.axes,
        quantity,
        losses: [...losses],
      });
      Object.assign(area.dataset, { lines: frame.lines, key: frame.key });
      store.set({ turned: {} });
    },
  };
}
