// Stage: map, relief, curves, transport and verdicts, drawn together in one frame.

import { stableRates } from "../state/lanes.js";
import { written } from "../state/numbers.js";
import { curvatureSignature, heightOf, startOf, surfaceOf, windowOf } from "../state/scene.js";
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

const REST = 250; // milliseconds without a new picture

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
  let rest = 0;

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
    Object.assign(map.dataset, { key: state.surface.key, landscape: state.surface.landscape });
  });
  // Plotly redraws take from tens of milliseconds to a second of software graphics: they wait until the hand is
  // off and the finest picture is in, and the map's lines go first.
  const paintPlotly = onChange((s) => [s.plotly, s.surface, s.relief, s.looks, s.dragging, s.playing], (state) => {
    clearTimeout(rest);
    // A new size or theme cannot wait: the lines would lie beside the picture.
    if (!state.plotly || ((state.dragging || state.playing) && contours.look === state.looks)) return;
    rest = setTimeout(paintLines, contours.shown ? REST : 0);
  });

  function paintLines() {
    const { plotly, surface, looks: look, scene } = store.get();
    if (surface && (contours.shown !== surface || contours.look !== look)) {
      Object.assign(contours, { shown: surface, look });
      paintContours(plotly, contours, surface, entry(surface).axes, heightOf(catalogue, scene));
    }
    rest = setTimeout(paintRelief);
  }

  async function paintRelief() {
    const { plotly, relief: frame, looks: look, scene } = store.get();
    if (!frame || (reliefPlot.shown === frame && reliefPlot.look === look)) return;
    Object.assign(reliefPlot, { shown: frame, look });
    await relief.show(plotly, frame, heightOf(catalogue, scene), entry(frame).axes);
    reliefArea.dataset.lines = String(frame.lines);
    reliefArea.dataset.key = frame.key;
    store.set({ turned: {} });
  }

  function drawRelief(state, current) {
    if (!state.relief || state.relief.landscape !== state.scene.landscape.kind) return;
    const start = startOf(catalogue, state.scene);
    const trajectory = current[0]?.trajectory;
    const at = trajectory ? [start[0], start[1], trajectory.loss[0]] : null;
    const pixel = relief.draw({ window: state.relief.window, lanes: current, step: state.hover ?? state.step, start: at });
    byId("relief-handle").hidden = !pixel;
    if (pixel) reliefHandle.place(pixel);
  }

  const markRates = onChange((s) => [lanes(s), s.curvature, s.scene.optimizer], (state) => {
    if (state.curvatureFor !== curvatureSignature(catalogue, state.scene)) return;
    const rates = stableRates(state.scene, state.curvature, lanes(state));
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
    paintPlotly(state);
  }

  function afterPaint(then) {
    performance.mark("draggable");
    requestAnimationFrame(() => setTimeout(() => {
      performance.mark("painted");
      then();
    }));
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
