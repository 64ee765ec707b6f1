// Layout: all views of the page, drawn together in one frame.

import { isCurve, isNetwork, studyOf, surfaceOf } from "../../state/scene/lookup.js";
import { hasPart } from "../../state/presentation.js";
import { biasKeeper } from "../../state/runs/clipping_bias.js";
import { isPreview } from "../../state/runs/long_runs.js";
import { placedSummary } from "../../state/runs/pair.js";
import { onChange } from "../../state/store.js";
import { onRestoration } from "../canvas/context.js";
import { forgetRunStyles } from "../canvas/run_style.js";
import { ratesView } from "../controls/stable_rates.js";
import { curvesView } from "../curves/curves_view.js";
import { byId } from "../elements/dom.js";
import { hintsView } from "../elements/hint.js";
import { addInfoButtons } from "../elements/info.js";
import { mapView } from "../map/map_view.js";
import { picturesView } from "../map/pictures.js";
import { reliefQueue } from "../relief/relief_queue.js";
import { reliefView } from "../relief/relief_view.js";
import { clipRoleView } from "../step/clip_role.js";
import { biasView } from "../step/clipping_bias.js";
import { lensView } from "../step/lens.js";
import { readoutView } from "../step/readout.js";
import { stepProfileView } from "../step/step_profile.js";
import { throwButton } from "../step/throw_button.js";
import { behindView } from "./behind.js";
import { descentNote } from "./descent_note.js";
import { firstPaint } from "./first_paint.js";
import { headlineView } from "../headline/headline.js";
import { lazyView } from "./lazy_view.js";
import { scrollAnchor } from "./scroll_anchor.js";
import { toggleOutcomes } from "../outcomes/outcome_toggle.js";
import { sectionsView } from "./sections.js";
import { startMover } from "./start_mover.js";
import { transportView } from "../transport/transport.js";
import { verdictsView } from "./verdicts.js";
import { zoomButtons } from "./zoom_buttons.js";

/** Map, relief and curves. Plotly draws the mesh of the relief, which is slow and has a queue of its own. */
function runViews({ store, change, runs, pause }) {
  const context = { store, runs, start: startMover(store, change) };
  const [map, relief] = [mapView(context), reliefView(context)];
  const show = (step) => store.set({ step });
  const curves = curvesView({ store, change, show, pause });
  // Parts that the page leaves out have no size to draw in.
  const shown = Object.entries({ map, relief, curves }).filter(([part]) => hasPart(part));
  return {
    paintSurface: hasPart("map") ? map.paintSurface : () => {},
    paintRelief: hasPart("relief") ? reliefQueue(store, relief.paintMesh) : () => {},
    draw(state, current, step) {
      for (const [, view] of shown) view.draw(state, current, step);
    },
  };
}

/** The views of a single step. Nothing is written while their section is folded. */
function stepViews({ store, pause }) {
  const readout = readoutView(byId("readout"), byId("step-words"));
  const toThrow = throwButton(byId("to-throw"), (step) => (pause(), store.set({ step })));
  const [lens, bias, profile] = [lensView(), biasView(), stepProfileView()];
  const biasAt = biasKeeper();
  return {
    draw(state, current, step) {
      const { open } = state;
      const needed = open["this-step"] || open.minibatches;
      const minibatches = needed ? biasAt(state, current, step) : null;
      if (open.minibatches) bias.draw(state, current, minibatches);
      if (!open["this-step"]) return;
      readout.sync(current, step, isCurve(surfaceOf(state.scene)));
      toThrow.sync(current, step);
      lens.draw(state, current, step, minibatches);
      profile.draw(state, current, step);
    },
  };
}

/** What the runs did, in words and as marks on the learning rate. */
function resultViews({ runs, controls }) {
  const headline = headlineView(byId("headline"), byId("live"));
  const verdicts = verdictsView(byId("verdicts"));
  const role = clipRoleView(byId("clip-role"));
  const markRates = ratesView({ runs, controls });
  const syncVerdicts = onChange(
    (state) => [runs(state), state.curvature],
    (state) => {
      const current = runs(state);
      const items = current.map((item) => ({ ...item, summary: placedSummary(state, item) }));
      headline.sync(items, isPreview(state, current));
      verdicts.sync(items, isPreview(state, current));
      role.sync(state.scene, current);
    },
  );
  return {
    draw(state) {
      // While a lesson waits for a prediction, the page must not show the result.
      if (state.hiddenAfter === null) syncVerdicts(state);
      markRates(state);
    },
  };
}

/** Parts of the page that not every Scene has, or that can wait until after the first paint. */
function lazyViews({ store, change, runs, controls, requests, say }, first, transport) {
  const network = lazyView(
    store,
    ({ scene, training }) => isNetwork(scene) || training !== null,
    async () => (await import("../network/network.js")).networkView({ controls, change, requests }),
  );
  const study = lazyView(
    store,
    ({ scene }) => first.over() && studyOf(scene),
    async () => (await import("../studies/study.js")).studyView(store),
  );
  const page = { store, change, runs, play: transport.replay, say };
  const outcomes = lazyView(
    store,
    ({ scene }) => first.over() && scene.map !== "loss",
    async () => (await import("../outcomes/outcomes.js")).outcomesView(page),
  );
  return [network, study, outcomes];
}

/** A button that shows and hides the outcome map. */
function outcomeButton(page) {
  const button = byId("outcome-map");
  button.addEventListener("click", () => toggleOutcomes(page));
  return { draw: ({ scene }) => button.setAttribute("aria-pressed", String(scene.map !== "loss")) };
}

function transportOf(store) {
  return transportView({
    steps: () => store.get().hiddenAfter ?? store.get().scene.steps,
    step: () => store.get().step,
    show: (step) => store.set({ step }),
    playing: (playing) => store.set({ playing }),
  });
}

/** Draw everything again in the current theme and size. */
function restyler(store) {
  return function restyle() {
    forgetRunStyles();
    store.set({ themeVersion: store.get().themeVersion + 1 });
  };
}

export function layoutView(page) {
  const { store, change, runs, say } = page;
  const transport = transportOf(store);
  const timed = { ...page, pause: transport.pause };
  const views = runViews(timed);
  const whenRunsAreKnown = [views, stepViews(timed), resultViews(page)];
  const first = firstPaint();
  const others = [
    sectionsView(page),
    picturesView(),
    behindView(),
    hintsView(),
    descentNote(byId("what")),
    ...lazyViews(page, first, transport),
    outcomeButton(page),
  ];
  const anchor = scrollAnchor(["verdicts", "clip-role", "stable"].map(byId));
  zoomButtons(change, say);
  addInfoButtons();

  function draw(state) {
    const [current, step] = [runs(state), state.hover ?? state.step];
    // A surface may arrive before the runs: the map then shows it at once.
    views.paintSurface(state);
    if (state.surface && current.length) {
      for (const view of whenRunsAreKnown) view.draw(state, current, step);
      first.happened();
    }
    for (const view of others) view.draw(state);
    transport.sync(step, state.scene.steps, state.hiddenAfter !== null);
    // The anchor measures the page, so it comes after everything that can change its height.
    anchor.draw();
    views.paintRelief(state);
  }

  const restyle = restyler(store);
  for (const id of ["map", "relief"]) new ResizeObserver(restyle).observe(byId(id));
  onRestoration(restyle);
  return { draw, restyle, afterFirstPaint: first.after, play: transport.play, pause: transport.pause };
}
