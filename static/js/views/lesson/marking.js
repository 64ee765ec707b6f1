// Marking: the reader puts a mark on the map where a step is to land; then the truth is drawn beside it.

import { questionOf } from "../../state/lesson.js";
import { byId } from "../elements/dom.js";
import { clamped, cut, mapping } from "../canvas/geometry.js";
import { draggable } from "../canvas/handle.js";
import { boxOf } from "../map/map.js";

const FINE = 6;

/** @param {{store: any, guess: (point: number[]) => void, runs: (state: any) => any[]}} page */
export function markingView({ store, guess, runs }) {
  const [layer, button, settle, drawing] = ["marking", "mark", "lesson-settle", "mark-line"].map(byId);
  const [line, end] = drawing.children;
  let mark = null;
  let asked = "";

  const at = (surface) => mapping(surface.window, boxOf(byId("map")));

  function move(point) {
    const { surface } = store.get();
    mark = clamped(surface.window, point).map((v) => Number(v.toPrecision(FINE)));
    settle.disabled = false;
    store.set({});
  }

  const put = (px, py) => move(at(store.get().surface).toPoint(px, py));
  const handle = draggable(button, layer, {
    grab: true,
    move: put,
    // Where a step lands is often so near that the mark's own grip covers it.
    tap: put,
    nudge(dx, dy) {
      const [left, right, bottom, top] = store.get().surface.window;
      move([mark[0] + dx * (right - left), mark[1] + dy * (top - bottom)]);
    },
  });
  // The map under the layer would take the press for its own start.
  layer.addEventListener("pointerdown", (event) => event.stopPropagation());
  layer.addEventListener("click", (event) => {
    const box = layer.getBoundingClientRect();
    if (event.target !== button) put(event.clientX - box.left, event.clientY - box.top);
  });
  const done = () => mark && !settle.disabled && guess(mark);
  settle.addEventListener("click", done);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    done();
  });

  /** From the mark to where the step landed, or to the window's edge on the way there. */
  function drawTruth(surface, { guess: from, truth }) {
    const share = cut(surface.window, ...from, ...truth)?.[1] ?? 0;
    const seen = [0, 1].map((c) => from[c] + (truth[c] - from[c]) * share);
    const place = at(surface);
    const [[x1, y1], [x2, y2]] = [place.toPixel(...from), place.toPixel(...seen)];
    for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, String(value));
    end.setAttribute("transform", `translate(${x2} ${y2})`);
    end.toggleAttribute("hidden", share < 1);
  }

  /** A lesson's mark begins where its run stands. */
  function begin({ name, prediction }, state) {
    const run = runs(state).find((one) => one.run === prediction.run);
    if (!run || asked === name) return;
    asked = name;
    mark = [run.trajectory.x[prediction.step], run.trajectory.y[prediction.step]];
    settle.disabled = true;
    button.setAttribute("aria-label", `${questionOf(prediction)} Arrow keys move the mark, Enter settles it`);
  }

  return {
    draw(state) {
      const { lesson, answer, surface } = state;
      const marks = surface && lesson?.prediction.kind === "mark" && surface.landscape === lesson.scene.landscape.kind;
      const told = marks && answer?.truth;
      const asking = marks && !answer && state.hiddenAfter !== null;
      if (!asking) asked = "";
      if (asking) begin(lesson, state);
      layer.hidden = !told && !(asking && mark);
      if (layer.hidden) return;
      layer.classList.toggle("revealed", Boolean(told));
      button.disabled = Boolean(told);
      drawing.toggleAttribute("hidden", !told);
      if (told) drawTruth(surface, answer);
      handle.place(at(surface).toPixel(...(told ? answer.guess : mark)));
    },
  };
}
