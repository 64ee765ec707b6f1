// Outcomes on the page: the outcome of every start, or of every pair of two quantities, for both runs side by side.

import { catalogue } from "../../state/scene/catalogue.js";
import { signature } from "../../state/scene/dependencies.js";
import { runsOf } from "../../state/scene/lookup.js";
import { axisLabel, mapAxes, valueOf, withValues } from "../../state/scene/sweep_axes.js";
import { isPreview } from "../../state/runs/long_runs.js";
import { sweepSolved } from "../../state/maps/sweep.js";
import {
  cellAt,
  cellWords,
  disagreement,
  limitWords,
  nextWords,
  sweepIntervals,
  sweepWords,
} from "../../state/runs/outcomes.js";
import { formatNumber } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { byId, setText } from "../elements/dom.js";
import { numberField } from "../elements/number_field.js";
import { knownOutcome } from "../files/outcome_in_name.js";
import { outcomeAxesView } from "./outcome_axes.js";
import { outcomeDownloads } from "./outcome_downloads.js";
import { drawOutcomeLegend } from "./outcome_legend.js";
import { drawOverlay } from "./outcome_overlay.js";
import { drawOutcomes } from "./outcome_picture.js";
import { followPointer } from "./outcome_pointer.js";
import { outcomeProgress } from "./outcome_progress.js";
import { outcomeTools } from "./outcome_tools.js";

function outcomeCanvases() {
  return ["without", "with"].map((run) => {
    const [picture, overlay] = ["", "-overlay"].map((end) => byId(`outcomes-${run}${end}`));
    return { run, picture, overlay, figure: picture.parentElement };
  });
}

/** The number of starts per cell. */
function cloudField(change) {
  const field = numberField(catalogue.sweep[0], "cloud", (value, done) =>
    change((scene) => ({ ...scene, cloud: value }), done),
  );
  // The catalogue's label is the field's name in a Scene, "Cloud", which says less.
  field.element.querySelector("label").textContent = "Starts per cell";
  return field;
}

/** A cell's values on the axes and the outcomes of its runs, as a sentence. */
function cellSentence({ outcomes, scene }, names, { index, values }) {
  const place = names.map((name, k) => `${name} ${formatNumber(values[k])}`).join(", ");
  const runs = runsOf(scene).map((run) => cellWords(outcomes, run, index));
  return `${place}: ${runs.join("; ")}`;
}

/** Whether the loss is known below which runs have converged. */
const knowsSolved = (scene) => sweepSolved(scene, mapAxes(scene)) !== null;

function sweepSentence({ outcomes, scene }) {
  const lead = sweepWords(outcomes, catalogue.outcomes, runsOf(scene), knowsSolved(scene));
  const sentences = [lead, limitWords(outcomes), nextWords(outcomes)];
  return sentences.filter(Boolean).join(" ");
}

/**
 * Show the pictures if they are `asked` for and `there`. While those of the other kind of map are on their way, their
 * height stays, so that nothing on the page moves.
 */
function showArea(area, asked, there) {
  const place = area.parentElement;
  if (!asked || there) place.style.minHeight = "";
  else if (!area.hidden) place.style.minHeight = `${place.offsetHeight}px`;
  area.hidden = !asked || !there;
}

/** Draw both pictures; returns the scale of their colours. */
function drawPictures(canvases, { outcomes, scene }, quantity, options) {
  let scale = null;
  for (const { run, picture, figure } of canvases) {
    figure.hidden = !runsOf(scene).includes(run);
    if (!figure.hidden) scale = drawOutcomes(picture, outcomes, run, quantity, options);
  }
  return scale;
}

/** Axes, starts per cell and downloads, which follow the Scene. */
function outcomeSettings({ store, change, say, downloads }) {
  const axes = outcomeAxesView({ store, change, say });
  const cloud = cloudField(change);
  byId("outcomes-axes").append(...axes.elements, cloud.element);
  return onChange(
    (s) => [s.scene, s.outcomes],
    ({ scene, outcomes }) => {
      axes.sync(scene, outcomes);
      downloads.sync(scene, outcomes);
      cloud.sync(scene.cloud);
    },
  );
}

/** Pictures, legend and the sentence above them. They are drawn again only if something that they show has changed. */
function outcomePainter({ canvases, tools, namesOf }) {
  const [area, words, legend] = ["outcomes", "outcomes-words", "outcomes-legend"].map(byId);
  return onChange(
    (s) => [s.outcomes, s.themeVersion, s.scene.runs, tools.quantity(), tools.hatched(), area.clientWidth],
    (state) => {
      const { outcomes, scene } = state;
      const quantity = tools.quantity();
      const options = { names: namesOf(state), ids: catalogue.outcomes, hatched: tools.hatched() };
      const scale = drawPictures(canvases, state, quantity, options);
      const uncertain = Math.max(0, ...runsOf(scene).map((run) => outcomes.uncertain[run] ?? 0));
      const cells = outcomes.columns * outcomes.rows;
      drawOutcomeLegend(legend, { scale, quantity, uncertain, cells });
      words.textContent = sweepSentence(state);
      words.title = sweepIntervals(outcomes, catalogue.outcomes, runsOf(scene), knowsSolved(scene)).join("\n");
      area.dataset.columns = outcomes.columns;
    },
  );
}

/** What is said while no cell is hovered: whether the runs on the page end as their cell says. */
function chosenSentence(state, runs) {
  const { scene, outcomes } = state;
  // While a slider moves, the map and the runs may belong to other Scenes.
  const settled = outcomes.signature === signature(outcomes.kind, scene) && runs.every(({ of }) => of === scene);
  if (!settled || isPreview(state, runs)) return "";
  const values = outcomes.axes.map(({ name }) => valueOf(scene, name));
  return disagreement(outcomes, values, runs);
}

/** Hovering, pressing and dragging on both pictures. */
function outcomePointers({ store, change, runs, play, canvases, namesOf }) {
  const sentence = byId("outcomes-cell");
  let hovered = null;

  function describe(shares) {
    hovered = shares;
    const state = store.get();
    const chosen = chosenSentence(state, runs(state));
    const text = hovered ? cellSentence(state, namesOf(state), cellAt(state.outcomes, ...hovered)) : "";
    setText(sentence, [text, chosen].filter(Boolean).join(" "));
  }

  function move(shares, done) {
    const { outcomes } = store.get();
    const { values } = cellAt(outcomes, ...shares);
    store.set({ dragging: !done });
    change((scene) => withValues(scene, outcomes.axes, values), done);
  }

  for (const { overlay } of canvases)
    followPointer(overlay, { shown: () => Boolean(store.get().outcomes), describe, move, click: play });
  return onChange(
    (state) => [state.outcomes, runs(state)],
    () => describe(hovered),
  );
}

/** The paths and the start of the runs over their pictures. */
function drawOverlays(canvases, state, current) {
  for (const { run, overlay, figure } of canvases) {
    const item = current.find((one) => one.run === run);
    if (!figure.hidden) drawOverlay(overlay, state, item, state.hover ?? state.step);
  }
}

/** `play()` plays the runs from their start. */
export function outcomesView({ store, change, runs, play, say }) {
  const area = byId("outcomes");
  const canvases = outcomeCanvases();
  const namesOf = ({ outcomes, scene, slice }) => outcomes.axes.map(({ name }) => axisLabel(scene, name, slice));
  const downloads = outcomeDownloads(
    canvases,
    () => knownOutcome(store.get(), runs(store.get())),
    () => store.set({}),
  );
  const syncSettings = outcomeSettings({ store, change, say, downloads });
  const tools = outcomeTools(() =>
    store.set({ outcomesShown: { quantity: tools.quantity(), hatched: tools.hatched() } }),
  );
  const paint = outcomePainter({ canvases, tools, namesOf });
  const progress = outcomeProgress(store);
  const syncCell = outcomePointers({ store, change, runs, play, canvases, namesOf });
  let visible = false;
  let found = 0; // how often the visitor has asked for the map and was brought to it

  return {
    draw(state) {
      const { hiddenAfter, scene, outcomes } = state;
      if (scene.map !== "loss") progress.sync(state);
      // While a lesson waits for a prediction, the outcomes would reveal the answer.
      showArea(area, hiddenAfter === null && scene.map !== "loss", outcomes?.kind === scene.map);
      if (area.hidden) return void (visible = false);
      // On a small screen the outcomes are below the visible part, and the button would seem to do nothing.
      if (!visible && state.outcomesSought > found) area.closest("details").scrollIntoView({ block: "start" });
      found = state.outcomesSought;
      visible = true;
      // Until the first cells of a Scene arrive, the map of the Scene before stays.
      area.dataset.stale = String(outcomes.signature !== signature(outcomes.kind, scene));
      syncSettings(state);
      tools.sync(outcomes, runsOf(scene).length > 1);
      paint(state);
      syncCell(state);
      drawOverlays(canvases, state, runs(state));
      downloads.save(state, runs(state));
    },
  };
}
