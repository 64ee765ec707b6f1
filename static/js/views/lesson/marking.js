// Marking: the reader marks on the map, or on a curve, where a step will land. Then the map also shows the true landing.

import { questionOf } from "../../state/lesson.js";
import { heightOf, isCurve } from "../../state/scene/lookup.js";
import { clamp, mapping } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { toHeight } from "../canvas/value_scale.js";
import { byId, setText } from "../elements/dom.js";
import { curvePlane, pixelOf } from "../map/curve_plane.js";
import { boxOf } from "../map/map.js";
import { landingView } from "./landing.js";

const DIGITS = 6;

/** Move a point by shares `dx` and `dy` of the window's width and height. */
function shift([left, right, bottom, top], [x, y], dx, dy) {
  return [x + dx * (right - left), y + dy * (top - bottom)];
}

/** The reader's mark: a handle that can be dragged, moved by arrow keys, or placed by a click on the map. */
function markHandle(layer, button, { windowNow, mark, move, settle }) {
  const put = (px, py) => move(mapping(windowNow(), boxOf(byId("map"))).toPoint(px, py));
  // A step may land under the handle, so a press on the handle counts as a press on the map.
  const handle = draggable(button, layer, {
    grab: true,
    move: put,
    tap: put,
    nudge: (dx, dy) => move(shift(windowNow(), mark(), dx, dy)),
  });
  // Otherwise the map under the layer would move its start.
  layer.addEventListener("pointerdown", (event) => event.stopPropagation());
  layer.addEventListener("click", (event) => {
    const box = layer.getBoundingClientRect();
    // `tap` handles a press on the handle.
    if (event.target !== button) put(event.clientX - box.left, event.clientY - box.top);
  });
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // Otherwise Enter would also click the button.
    event.preventDefault();
    settle();
  });
  return handle;
}

/** Draw the line from the guess to the landing; none while the reader is asked. */
function drawLanding(landing, state, answer, box) {
  if (!answer) return landing.draw(null, null, null);
  const { window, guess, truth } = inPicture(state, answer);
  return landing.draw(window, mapping(window, box), { guess, truth });
}

/** The answer if the reader has placed a mark, and whether the page asks for one. */
function marksOf({ lesson, answer, surface, hiddenAfter }) {
  const marks = surface && lesson?.prediction.kind === "mark" && surface.landscape === lesson.scene.landscape.kind;
  return {
    answer: marks && answer?.truth ? answer : null,
    asked: Boolean(marks) && !answer && hiddenAfter !== null,
  };
}

/** The mark of one question. It starts at the current point of the run. */
function readerMark() {
  let point = null;
  let lesson = "";
  return {
    point: () => point,
    set: (next) => (point = next),
    /** Place the mark at the run's point if the question is new; returns whether it is. */
    start({ name, prediction }, runs) {
      const run = runs.find((one) => one.run === prediction.run);
      if (!run || lesson === name) return false;
      lesson = name;
      point = [run.trajectory.x[prediction.step], run.trajectory.y[prediction.step]];
      return true;
    },
    forgetLesson: () => (lesson = ""),
  };
}

/** The button says what is missing until the mark has been placed. */
function allowSettling(confirm, placed, surface) {
  confirm.disabled = !placed;
  const picture = isCurve(surface) ? "curve" : "map";
  setText(confirm, placed ? "Confirm the mark" : `Tap the ${picture} to place the mark`);
}

/** The reader's guess and the true landing as points of the picture; on a curve, at the heights of their losses. */
function inPicture({ surface, scene }, { guess, truth, landing_loss: loss }) {
  if (!isCurve(surface)) return { window: surface.window, guess, truth };
  const scale = heightOf(scene);
  const { window, heightAt } = curvePlane(surface, scale);
  return { window, guess: [guess[0], heightAt(guess[0])], truth: [truth[0], toHeight(loss, scale)] };
}

/** @param {{store: any, guess: (point: number[]) => void, runs: (state: any) => any[]}} page */
export function markingView({ store, guess, runs }) {
  const [layer, button, confirm] = ["marking", "mark", "lesson-settle"].map(byId);
  const mark = readerMark();
  const landing = landingView();
  const surfaceNow = () => store.get().surface;
  const windowNow = () => surfaceNow().window;
  const settle = () => mark.point() && !confirm.disabled && guess(mark.point());
  const handle = markHandle(layer, button, { windowNow, mark: mark.point, move, settle });
  confirm.addEventListener("click", settle);

  function move(point) {
    mark.set(clamp(windowNow(), point).map((v) => Number(v.toPrecision(DIGITS))));
    allowSettling(confirm, true, surfaceNow());
    store.set({});
  }

  function ask(lesson, state) {
    if (!mark.start(lesson, runs(state))) return;
    allowSettling(confirm, false, surfaceNow());
    const question = questionOf(lesson);
    button.setAttribute("aria-label", `${question} Arrow keys move the mark, Enter confirms it`);
  }

  function draw(state) {
    const { answer, asked } = marksOf(state);
    if (asked) ask(state.lesson, state);
    else mark.forgetLesson();
    layer.hidden = !answer && !(asked && mark.point());
    if (layer.hidden) return;
    layer.classList.toggle("revealed", Boolean(answer));
    button.disabled = Boolean(answer);
    const box = boxOf(byId("map"));
    drawLanding(landing, state, answer, box);
    handle.place(pixelOf(state.surface, heightOf(state.scene), answer ? answer.guess : mark.point(), box));
  }

  return { draw };
}
