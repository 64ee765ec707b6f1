// Lessons on the page: opened, foretold, told, left; the address and this browser's memory keep up.

import { windowOf } from "./state/scene/lookup.js";
import { lessonShelf } from "./api/lessons.js";
import { answered, atHome, markDone, rememberAnswer, rememberedAnswer, hiddenAfterOf } from "./state/lesson.js";
import { byId } from "./views/elements/dom.js";
import { lessonList } from "./views/lesson/lesson_list.js";
import { lessonView } from "./views/lesson/lesson.js";
import { markingView } from "./views/lesson/marking.js";

const LONG = 100;
const FASTEST = "5"; // the last of the speeds to choose from

/** What a store holds of a lesson: its answer if there is one by now, and how much of the run is to be seen. */
export function lessonState(lesson) {
  const answer = lesson && rememberedAnswer(lesson.name);
  return { lesson, answer, pending: undefined, hiddenAfter: hiddenAfterOf(lesson, answer) };
}

/**
 * @param {{opening: any, catalogue: any, store: any, change: Function, settle: (scene: any) => void,
 *   runs: (state: any) => any[], say: (sentences: string[]) => void, layout: any}} page
 */
export function lessonRoom({ opening, catalogue, store, change, settle, runs, say, layout }) {
  const { listed, faults, address } = opening.lessons;
  const shelf = lessonShelf(address);
  if (opening.lesson) shelf.put(opening.lesson);
  let wanted = opening.lesson?.name ?? null;

  /** Show a lesson over a Scene; null leaves the lessons and keeps the Scene. */
  function enter(lesson, scene) {
    layout.pause();
    const state = lessonState(lesson);
    store.set({ ...state, scene, step: state.hiddenAfter ?? scene.steps });
    // The next one is at hand by the time this one is read.
    const next = listed[listed.findIndex(({ name }) => name === lesson?.name) + 1];
    if (lesson && next) shelf.get(next.name).catch(() => {});
  }

  async function open(name) {
    wanted = name;
    try {
      const lesson = await shelf.get(name);
      if (wanted !== name) return;
      enter(lesson, lesson.scene);
      settle(lesson.scene);
      scrollTo(0, 0);
      requestAnimationFrame(() => requestAnimationFrame(view.focus));
    } catch (error) {
      say([String(error.message)]);
    }
  }

  function close() {
    wanted = null;
    enter(null, store.get().scene);
    settle(store.get().scene);
    byId("lessons").focus();
  }

  /** The state of an address gone back to. */
  async function restore(scene, name) {
    wanted = name;
    if (!name) return enter(null, scene);
    try {
      const lesson = await shelf.get(name);
      if (wanted === name) enter(lesson, scene);
    } catch (error) {
      enter(null, scene);
      say([String(error.message)]);
    }
  }

  const home = () => change(() => store.get().lesson.scene, true);

  /** The reader has foretold; the answer comes as soon as the lesson's own run is there. */
  function guess(value) {
    const { lesson, scene } = store.get();
    if (!atHome(catalogue, lesson, scene)) home();
    store.set({ pending: value });
  }

  function tell(state) {
    const { lesson, pending, scene, hiddenAfter } = state;
    if (!lesson || pending === undefined) return;
    const current = runs(state);
    const whole =
      current.length && current.every(({ of, trajectory }) => of === scene && trajectory.steps === scene.steps);
    // What is chosen from a list needs no run, and neither does silence.
    if (pending !== null && lesson.prediction.kind !== "choice" && !whole) return;
    const answer = answered(lesson, pending, current, windowOf(scene));
    rememberAnswer(lesson.name, answer);
    markDone(lesson.name);
    store.set({ answer, pending: undefined, hiddenAfter: null, step: hiddenAfter ?? 0 });
    // At the usual speed, a run of a thousand steps takes longer than anybody looks.
    if (scene.steps > LONG) byId("speed").value = FASTEST;
    // On a phone the map is further down: there the run waits until it is read up to.
    const { top, bottom } = byId("map").getBoundingClientRect();
    if (bottom > 0 && top < innerHeight / 2) layout.play();
  }

  function again() {
    const { lesson } = store.get();
    layout.pause();
    home();
    rememberAnswer(lesson.name, null);
    const state = lessonState(lesson);
    store.set({ ...state, step: state.hiddenAfter });
    view.focus();
  }

  const view = lessonView({ catalogue, listed, act: { guess, again, home, open, close } });
  const marking = markingView({ store, guess, runs });
  lessonList({ listed, faults, open }).onPress(() => store.get().lesson?.name);

  return {
    restore,
    draw(state) {
      const main = document.querySelector("main");
      main.classList.toggle("taught", Boolean(state.lesson));
      main.classList.toggle("predicting", state.hiddenAfter !== null);
      view.sync(state);
      view.syncAnswer(state);
      view.syncPlace(state);
      marking.draw(state);
      tell(state);
    },
  };
}
