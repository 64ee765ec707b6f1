// Stage: map, relief, curves, transport and verdicts, drawn together in one frame.

import { stableRates } from "../state/lanes.js";
import { written } from "../state/numbers.js";
import { heightOf, startOf, surfaceOf, windowOf } from "../state/scene.js";
import { onChange } from "../state/store.js";
import { curvesView } from "./curves_view.js";
import { byId } from "./dom.js";
import { clamped, mapping } from "./geometry.js";
import { draggable } from "./handle.js";
import { forgetLooks } from "./looks.js";
import { boxOf, drawMapOverlay, paintContours, paintHeat } from "./map.js";
import { reliefView } from "./relief.js";
import { transportView } from "./transport.js";
import { readoutView, verdictsView } from "./verdicts.js";

export function stageView({ catalogue, store, change, lanes, controls }) {
  const [map, heat, contours, overlay] = ["map", "heat", "contours", "map-overlay"].map(byId);
  const [reliefArea, reliefPlot, reliefOverlay] = ["relief", "relief-plot", "relief-overlay"].map(byId);
  const relief = reliefView(reliefPlot, reliefOverlay);
  const verdicts = verdictsView(byId("verdicts"), byId("live"), catalogue);
  const readout = readoutView(byId("readout"));
  const show = (step) => store.set({ step });
  const transport = transportView({
    steps: () => store.get().scene.steps, step: () => store.get().step, show, playing: (playing) => store.set({ playing }),
  });
  const curves = curvesView({ catalogue, store, change, show, pause: transport.pause });
  let firstPaint = null;

  const scaleFor = (state) => (state.scene.colour === "gradient_norm" ? "log" : heightOf(catalogue, state.scene));
  const entry = (surface) => surfaceOf(catalogue, { landscape: { kind: surface.landscape } });

  function moveStart(point, done) {
    const { surface } = store.get();
    const start = clamped(surface.window, point).map((v) => Number(v.toPrecision(6)));
    store.set({ dragging: !done });
    change((scene) => ({ ...scene, start }), done);
  }

  function nudge(dx, dy) {
    const { scene, surface: { window: [left, right, bottom, top] } } = store.get();
    const [x, y] = startOf(catalogue, scene);
    moveStart([x + dx * (right - left), y + dy * (top - bottom)], true);
  }

  const mapHandle = draggable(byId("map-handle"), map, {
    grab: true, nudge,
    move(px, py, done) {
      const { surface } = store.get();
      if (surface) moveStart(mapping(surface.window, boxOf(map)).toPoint(px, py), done);
    },
  });
  const reliefHandle = draggable(byId("relief-handle"), reliefArea, {
    nudge,
    move(px, py, done) {
      const point = relief.pointAt(px, py) ?? startOf(catalogue, store.get().scene);
      moveStart(point, done);
    },
  });
  relief.onTurn(() => drawRelief(store.get(), lanes(store.get())));

  const paintImage = onChange((s) => [s.surface, s.scene.colour, scaleFor(s), s.looks], (state) => {
    if (!state.surface) return;
    paintHeat(heat, state.surface, boxOf(map), scaleFor(state), state.scene.colour);
    map.dataset.columns = String(state.surface.columns);
  });
  // Plotly redraws take tens of milliseconds: they wait until the hand is off.
  const paintLines = onChange((s) => [s.plotly, s.surface, s.looks, s.dragging, s.playing], (state) => {
    const { plotly, surface } = state;
    if (!plotly || !surface || state.dragging || state.playing || contours.shown === surface && contours.looks === state.looks) return;
    contours.shown = surface;
    contours.looks = state.looks;
    paintContours(plotly, contours, surface, entry(surface).axes, heightOf(catalogue, state.scene));
  });
  const paintRelief = onChange((s) => [s.plotly, s.relief, s.looks, s.dragging, s.playing], (state) => {
    const { plotly, relief: frame } = state;
    if (!plotly || !frame || state.dragging || state.playing || reliefPlot.shown === frame && reliefPlot.looks === state.looks) return;
    reliefPlot.shown = frame;
    reliefPlot.looks = state.looks;
    // After this frame is on screen, since the first surface takes a second of software graphics.
    requestAnimationFrame(() => setTimeout(async () => {
      await relief.show(plotly, frame, heightOf(catalogue, state.scene), entry(frame).axes);
      reliefArea.dataset.lines = String(frame.lines);
      store.set({ turned: {} });
    }));
  });

  function drawRelief(state, current) {
    if (!state.relief || state.relief.landscape !== state.scene.landscape.kind) return;
    const start = startOf(catalogue, state.scene);
    const trajectory = current[0]?.trajectory;
    const at = trajectory ? [start[0], start[1], trajectory.loss[0]] : null;
    const pixel = relief.draw({ window: state.relief.window, lanes: current, step: state.hover ?? state.step, start: at });
    byId("relief-handle").hidden = !pixel;
    if (pixel) reliefHandle.place(pixel);
  }

  const markRates = onChange((s) => [lanes(s), s.kernels, s.scene.optimizer], (state) => {
    if (!state.kernels || !lanes(state).length) return;
    const rates = stableRates(state.scene, state.kernels, lanes(state));
    controls.markRate(rates.map(({ lane, rate }) => ({ value: rate, className: lane, title: `2/sharpness at the end, ${lane} clipping: ${written(rate)}` })));
    const text = rates.map(({ lane, rate }) => `${lane} clipping ${rate < 1e4 ? written(rate) : "none, it is flat there"}`);
    byId("stable").textContent = text.length ? `Stable limit 2/sharpness at the end: ${text.join("; ")}` : "";
  });

  function draw(state) {
    paintImage(state);
    const current = lanes(state);
    if (state.surface && current.length) {
      const step = state.hover ?? state.step;
      const { valley } = entry(state.surface);
      drawMapOverlay(overlay, { window: state.surface.window, surface: state.surface, valley, lanes: current, step });
      const { toPixel } = mapping(state.surface.window, boxOf(map));
      mapHandle.place(toPixel(...startOf(catalogue, state.scene)));
      byId("map-handle").hidden = false;
      drawRelief(state, current);
      curves.draw(state, current, step);
      readout.sync(current, step);
      sayVerdicts(state, current);
      markRates(state);
      if (firstPaint) afterPaint(firstPaint);
      firstPaint = null;
    }
    transport.sync(state.step, state.scene.steps);
    paintLines(state);
    paintRelief(state);
  }

  function afterPaint(then) {
    performance.mark("draggable");
    requestAnimationFrame(() => setTimeout(then));
  }

  const sayVerdicts = onChange((s, current = lanes(s)) => [current], (state) => verdicts.sync(lanes(state)));

  function restyle() {
    forgetLooks();
    store.set({ looks: store.get().looks + 1 });
  }

  function zoom(factor) {
    change((scene) => {
      const [x, y] = startOf(catalogue, scene);
      const [left, right, bottom, top] = windowOf(catalogue, scene);
      return { ...scene, window: [x + (left - x) * factor, x + (right - x) * factor, y + (bottom - y) * factor, y + (top - y) * factor].map((v) => Number(v.toPrecision(8))) };
    }, true);
  }

  byId("zoom-in").addEventListener("click", () => zoom(0.5));
  byId("zoom-out").addEventListener("click", () => zoom(2));
  new ResizeObserver(restyle).observe(map);
  new ResizeObserver(restyle).observe(reliefArea);
  return { draw, restyle, afterFirstPaint: (then) => (firstPaint = then) };
}
