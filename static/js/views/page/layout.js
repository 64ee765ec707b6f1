// Stage: map, relief, curves, transport and verdicts, drawn together in one frame.

import { onServer, startOf, studyOf, windowOf } from "../../state/scene/lookup.js";
import { withWindow } from "../../state/scene/presets.js";
import { biasKeeper } from "../../state/runs/clipping_bias.js";
import { onChange } from "../../state/store.js";
import { biasView } from "../step/clipping_bias.js";
import { curvesView } from "../curves/curves_view.js";
import { byId } from "../elements/dom.js";
import { clamped } from "../canvas/geometry.js";
import { lensView } from "../step/lens.js";
import { lineView } from "../step/step_profile.js";
import { forgetLooks } from "../canvas/run_style.js";
import { mapView } from "../map/map_view.js";
import { plotlyQueue } from "./plotly_queue.js";
import { ratesView } from "../controls/stable_rates.js";
import { reliefView } from "../relief/relief_view.js";
import { transportView } from "./transport.js";
import { steadyView } from "./scroll_anchor.js";
import { readoutView, verdictsView, whatView } from "./verdicts.js";

/** Digits that tell places of a window apart by a hundred thousandth of it, six at least. */
function digits(value, width) {
  return Math.min(Math.max(6, Math.ceil(Math.log10(Math.abs(value) / width || 1)) + 5), 17);
}

/** Ways to move the start: to a point, or by a share of the window; both are held to the window. */
function startMover(catalogue, store, change) {
  function move(point, done) {
    const { window } = store.get().surface;
    const start = clamped(window, point).map((v, k) =>
      Number(v.toPrecision(digits(v, window[2 * k + 1] - window[2 * k]))),
    );
    store.set({ dragging: !done });
    change((scene) => ({ ...scene, start }), done);
  }

  function nudge(dx, dy) {
    const { scene, surface } = store.get();
    const [left, right, bottom, top] = surface.window;
    const [x, y] = startOf(scene);
    move([x + dx * (right - left), y + dy * (top - bottom)], true);
  }

  return { move, nudge };
}

const FARTHEST = 1e6; // what the server accepts
const FEWEST = 64; // float64 numbers across a window that the server accepts
const SPACING = 2 ** -52;

/** How many steps of float64 lead from one number to another, at most. */
function numbersBetween(low, high) {
  return (high - low) / (SPACING * Math.max(Math.abs(low), Math.abs(high), 1e-300));
}

/** Halve or double the window around the start, or show the whole of it again. */
function zoomButtons(catalogue, change, say) {
  const zoom = (factor) =>
    change((scene) => {
      const [x, y] = startOf(scene);
      const [left, right, bottom, top] = windowOf(scene);
      const edges = [
        x + (left - x) * factor,
        x + (right - x) * factor,
        y + (bottom - y) * factor,
        y + (top - y) * factor,
      ];
      if (edges.some((v) => Math.abs(v) > FARTHEST)) return scene;
      if (Math.min(numbersBetween(edges[0], edges[1]), numbersBetween(edges[2], edges[3])) < FEWEST) {
        say(["Here float64 ends: a smaller window would hold fewer than 64 numbers from side to side."]);
        return scene;
      }
      return { ...scene, window: edges };
    }, true);
  byId("zoom-in").addEventListener("click", () => zoom(0.5));
  byId("zoom-out").addEventListener("click", () => zoom(2));
  byId("zoom-whole").addEventListener("click", () => change((scene) => withWindow(scene, null), true));
}

/** Calls `then` after the first frame with both runs is on the screen, and leaves marks for who measures. */
function firstPaint() {
  let waiting = null;
  let over = false;
  return {
    then: (callback) => (waiting = callback),
    over: () => over,
    happened() {
      if (!waiting) return;
      const callback = waiting;
      waiting = null;
      performance.mark("draggable");
      requestAnimationFrame(() =>
        setTimeout(() => {
          performance.mark("painted");
          over = true;
          callback();
        }),
      );
    },
  };
}

/** A part of the page that is loaded when it is first wanted, and kept up with the state from then on. */
function loadedLate(store, wanted, load) {
  let view = null;
  let loading = null;

  async function begin() {
    view = await load();
    store.set({});
  }

  return {
    draw(state) {
      if (view) return view.draw(state);
      if (wanted(state)) loading ??= begin();
    },
  };
}

export function layoutView({ catalogue, store, change, runs, controls, requests, say }) {
  const start = startMover(catalogue, store, change);
  const context = { catalogue, store, runs, start };
  const map = mapView(context);
  const relief = reliefView(context);
  const show = (step) => store.set({ step });
  const transport = transportView({
    steps: () => store.get().hiddenAfter ?? store.get().scene.steps,
    step: () => store.get().step,
    show,
    playing: (playing) => store.set({ playing }),
  });
  const curves = curvesView({ catalogue, store, change, show, pause: transport.pause });
  const verdicts = verdictsView(byId("verdicts"), byId("live"), catalogue);
  const steady = steadyView(["verdicts", "stable"].map(byId));
  const readout = readoutView(byId("readout"));
  const what = whatView(byId("what"), catalogue);
  const lens = lensView(catalogue);
  const line = lineView(catalogue);
  const bias = biasView(catalogue);
  const biasAt = biasKeeper(catalogue);
  const net = loadedLate(
    store,
    ({ scene }) => onServer(scene),
    async () => (await import("../network/network.js")).netView({ catalogue, controls, change, requests }),
  );
  const study = loadedLate(
    store,
    ({ scene }) => first.over() && studyOf(scene),
    async () => (await import("../studies/study.js")).studyView({ catalogue, store }),
  );
  const outcomes = loadedLate(
    store,
    ({ scene }) => first.over() && scene.map !== "loss",
    async () =>
      (await import("../outcomes/outcomes.js")).outcomesView({
        catalogue,
        store,
        change,
        runs,
        play: transport.replay,
        say,
      }),
  );
  const markRates = ratesView({ catalogue, runs, controls });
  const sayVerdicts = onChange(
    (state) => [runs(state)],
    (state) => verdicts.sync(runs(state)),
  );
  const paintPlotly = plotlyQueue(store, [map.paintLines, relief.paintMesh]);
  const first = firstPaint();
  zoomButtons(catalogue, change, say);
  byId("outcome-map").addEventListener("click", () =>
    change((scene) => ({ ...scene, map: scene.map === "loss" ? "outcomes" : "loss" }), true),
  );

  function draw(state) {
    map.paintImage(state);
    const current = runs(state);
    if (state.surface && current.length) {
      const step = state.hover ?? state.step;
      map.draw(state, current, step);
      relief.draw(state, current, step);
      curves.draw(state, current, step);
      readout.sync(current, step);
      const minibatches = biasAt(state, current, step);
      lens.draw(state, current, step, minibatches);
      bias.draw(state, current, minibatches);
      line.draw(state, current, step);
      // Before a reader has foretold, nobody says what happens.
      if (state.hiddenAfter === null) sayVerdicts(state);
      markRates(state);
      first.happened();
    }
    what.sync(state);
    net.draw(state);
    study.draw(state);
    byId("outcome-map").setAttribute("aria-pressed", String(state.scene.map !== "loss"));
    outcomes.draw(state);
    transport.sync(state.hover ?? state.step, state.scene.steps, state.hiddenAfter !== null);
    steady.draw();
    paintPlotly(state);
  }

  function restyle() {
    forgetLooks();
    store.set({ themeVersion: store.get().themeVersion + 1 });
  }

  for (const id of ["map", "relief"]) new ResizeObserver(restyle).observe(byId(id));
  return { draw, restyle, afterFirstPaint: first.then, play: transport.play, pause: transport.pause };
}
