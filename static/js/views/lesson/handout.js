// Handout: what a printed lesson has in addition to its text: the map before and after the prediction, the correct answer
// for readers who have not predicted yet, and the link of the experiment.

import { windowOf } from "../../state/scene/lookup.js";
import { correctAnswer, hiddenAfterOf, showsOwnScene } from "../../state/lesson.js";
import { visibleRuns } from "../../state/hidden_until_predicted.js";
import { forgetRunStyles } from "../canvas/run_style.js";
import { byId, make } from "../elements/dom.js";
import { drawPrintedMap } from "../map/printed_map.js";

const RATIO = "3"; // pixels of a canvas per CSS pixel, so that lines are sharp on paper
// As the paths on the map look.
const LINES = {
  without: "Dashed line with round points: without clipping.",
  with: "Solid line with square points: with clipping.",
};

/** Call `draw` in the light theme, whose colours are made for white paper. */
function inLightTheme(draw) {
  const root = document.documentElement;
  const { theme, projector } = root.dataset;
  Object.assign(root.dataset, { theme: "light", projector: "off" });
  forgetRunStyles();
  draw();
  Object.assign(root.dataset, { theme, projector });
  forgetRunStyles();
}

/** A figure after an element, with the runs up to a step. */
function addFigure(after, caption, picture) {
  const [canvas, spare] = [0, 1].map(() => make("canvas", { "data-ratio": RATIO }));
  const figure = make("figure", { className: "handout" }, canvas, spare, make("figcaption", {}, caption));
  figure.classList.add("drawing");
  // A canvas has a size only on the page, and on the screen the place of the figure may be hidden.
  document.body.append(figure);
  inLightTheme(() => drawPrintedMap(canvas, spare, picture));
  figure.classList.remove("drawing");
  spare.remove();
  after.after(figure);
}

/** The correct option and a sentence about the runs. */
function answerLine({ option, sentence }) {
  const words = make("span");
  // The server renders an option's HTML from Markdown, and escapes all HTML in it.
  if (option?.html) words.innerHTML = option.html;
  else words.textContent = option?.words ?? "";
  const end = option ? ". " : "";
  return make("p", { className: "handout answer" }, make("strong", {}, "Answer: "), words, end, sentence);
}

/** Both figures, the answer and the link, for a lesson whose runs are computed. */
function addHandout(state, whole, visible) {
  const { lesson, scene } = state;
  const step = hiddenAfterOf(lesson, null, lesson.scene);
  const before = { state, runs: visible({ ...state, hiddenAfter: step }), step };
  const after = { state, runs: whole, step: scene.steps };
  const lines = whole.map(({ run }) => LINES[run]).join(" ");
  const taken = scene.steps === 1 ? "1 step" : `${scene.steps} steps`;
  const shown = step ? `Before: up to step ${step}.` : "Before: the start.";
  addFigure(document.querySelector("#lesson .ask"), shown, before);
  addFigure(byId("lesson-reveal"), `After ${taken}. ${lines}`, after);
  // The question is about all steps of the lesson's own experiment.
  const isDecided = showsOwnScene(lesson, scene) && whole.every(({ trajectory }) => trajectory.steps === scene.steps);
  if (isDecided) byId("lesson-reveal").before(answerLine(correctAnswer(lesson, whole, windowOf(scene))));
  byId("lesson-source").after(make("p", { className: "handout link" }, location.href));
}

/** @param {{store: any, runs: (state: any) => any[]}} page `runs` with all steps */
export function handout({ store, runs }) {
  const visible = visibleRuns(runs);

  function clear() {
    for (const element of document.querySelectorAll(".handout")) element.remove();
  }

  function prepare() {
    clear();
    const state = store.get();
    const whole = runs(state);
    // Without the surface or the runs, the text is printed alone.
    if (state.lesson && state.surface && whole.length) addHandout(state, whole, visible);
  }

  addEventListener("beforeprint", prepare);
  addEventListener("afterprint", clear);
  // A preview, or a tool that only switches the medium, sends no such events.
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? prepare() : clear()));
}
