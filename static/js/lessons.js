// Lessons on the page: opening and closing them, predicting, and revealing the answer. The address bar and the
// browser's storage are updated with them.

import { windowOf } from "./state/scene/lookup.js";
import { watchLessons } from "./api/polling/lesson_folder.js";
import { lessonCollection } from "./api/lessons.js";
import { answerTo, asksTheSame, hiddenAfterOf, showsOwnScene } from "./state/lesson.js";
import { markDone, rememberAnswer, rememberedAnswer } from "./state/lesson_memory.js";
import { speedWithin } from "./state/speed.js";
import { byId } from "./views/elements/dom.js";
import { handout } from "./views/lesson/handout.js";
import { lessonList } from "./views/lesson/lesson_list.js";
import { lessonView } from "./views/lesson/lesson.js";
import { markingView } from "./views/lesson/marking.js";

const LONG = 100; // steps: a longer run plays at a high speed
const FAST = 5; // the option of 50 steps per second
const SECONDS = 20; // in which a long run is played

/** The values in the store about a lesson: the reader's answer, if there is one, and how much of the runs is shown. */
export function lessonState(lesson, scene) {
  const answer = lesson && rememberedAnswer(lesson.name);
  return { lesson, answer, pending: undefined, hiddenAfter: hiddenAfterOf(lesson, answer, scene) };
}

/** Requests lessons by name, from the page or from the server. Only the newest request is answered. */
function lessonRequests({ lessons, lesson: own }, connection) {
  let source = lessonCollection(lessons.address, connection);
  if (own) source.put(own);
  let { listed } = lessons;
  let requested = null;

  /** Fetch the next lesson before the reader opens it. If this fails, opening it requests it again. */
  function preloadAfter(name) {
    const next = listed[listed.findIndex((one) => one.name === name) + 1];
    if (next) source.preload(next.name).catch(() => {});
  }

  return {
    cancel: () => (requested = null),
    /** The files of lessons have changed, so all lessons are at a new address. */
    renew(lessons, lesson) {
      source = lessonCollection(lessons.address, connection);
      if (lesson) source.put(lesson);
      listed = lessons.listed;
    },
    async get(name, then) {
      requested = name;
      const lesson = await source.get(name);
      // The reader has opened another lesson in the meantime, or has closed the lessons.
      if (requested !== name) return;
      then(lesson);
      preloadAfter(name);
    },
  };
}

/** Show a lesson with a Scene. Null closes the lesson and keeps the Scene. */
function showLesson({ store, layout }, lesson, scene) {
  layout.pause();
  const state = lessonState(lesson, scene);
  store.set({ ...state, scene, step: state.hiddenAfter ?? scene.steps });
}

/**
 * Returns a function that shows what has changed in the files of lessons. `begin` opens the lesson that the link names
 * (`sought`) once its file can be used.
 */
function lessonUpdates({ store, show, settle, requests, begin, sought }) {
  /** Show the new text of the open lesson, and its new experiment unless the reader has left the old one. */
  function refresh(lesson) {
    const { lesson: old, scene } = store.get();
    if (!old && lesson.name === sought()) return begin(lesson);
    if (lesson.name !== old?.name || JSON.stringify(lesson) === JSON.stringify(old)) return;
    if (asksTheSame(old, lesson)) return store.set({ lesson });
    rememberAnswer(lesson.name, null);
    const now = showsOwnScene(old, scene) ? lesson.scene : scene;
    show(lesson, now);
    settle(now);
  }

  /** `lesson` is the open one, or null if its file is deleted. */
  return function update(lessons, lesson) {
    store.set({ lessons });
    requests.renew(lessons, lesson);
    // A lesson whose file is deleted stays on the page until the reader leaves it.
    if (lesson) refresh(lesson);
  };
}

/** Opening, closing, and going back and forward in the browser's history. */
function lessonNavigation({ opening, store, settle, say, connection, layout, focus }) {
  const requests = lessonRequests(opening, connection);
  // The lesson that the link names, if its file has faults. The reader may open another one before they are mended.
  let missing = opening.lesson ? "" : (new URLSearchParams(location.search).get("lesson") ?? "");
  const sought = () => missing;
  const show = (lesson, scene) => showLesson({ store, layout }, lesson, scene);

  function begin(lesson) {
    missing = "";
    show(lesson, lesson.scene);
    settle(lesson.scene);
    scrollTo(0, 0);
    // The panel is hidden until the next frame has been drawn, and a hidden element cannot have the focus.
    requestAnimationFrame(() => requestAnimationFrame(focus));
  }

  function open(name) {
    requests.get(name, begin).catch((error) => say([String(error.message)]));
  }

  function close() {
    requests.cancel();
    const { scene } = store.get();
    show(null, scene);
    settle(scene);
    byId("lessons").focus();
  }

  /** Show an address from the history; `name` is null without a lesson. */
  function restore(scene, name) {
    requests.cancel();
    if (!name) return show(null, scene);
    requests
      .get(name, (lesson) => show(lesson, scene))
      .catch((error) => {
        show(null, scene);
        say([String(error.message)]);
      });
  }

  return { open, close, restore, sought, update: lessonUpdates({ store, show, settle, requests, begin, sought }) };
}

/** Whether the runs that decide about a guess have arrived: those of the current Scene, with all steps. */
function isDecided({ lesson, pending, scene }, runs) {
  // A choice from a list does not depend on a run, and neither does a skipped question.
  if (pending === null || lesson.prediction.kind === "choice") return true;
  const whole = ({ of, trajectory }) => of === scene && trajectory.steps === scene.steps;
  return runs.length > 0 && runs.every(whole);
}

/** Play the runs that have just been revealed. */
function playRevealed(layout, scene) {
  if (scene.steps > LONG) byId("speed").value = String(speedWithin(scene.steps, SECONDS, FAST));
  // On a phone the map may be off the screen. Then the run does not play before the reader starts it.
  const { top, bottom } = byId("map").getBoundingClientRect();
  if (bottom > 0 && top < innerHeight / 2) layout.play();
}

/** Predicting, revealing the answer and asking again. */
function lessonPrediction({ store, change, runs, layout, focus }) {
  const resetScene = () => change(() => store.get().lesson.scene, true);

  function reveal(state, current) {
    const { lesson, pending, scene, hiddenAfter } = state;
    const answer = answerTo(lesson, pending, current, windowOf(scene));
    rememberAnswer(lesson.name, answer);
    if (!lesson.asked) markDone(lesson.name);
    store.set({ answer, pending: undefined, hiddenAfter: null, step: hiddenAfter ?? 0 });
    playRevealed(layout, scene);
  }

  return {
    resetScene,
    /** The answer is revealed as soon as the runs of the lesson's own Scene have arrived. */
    guess(value) {
      const { lesson, scene } = store.get();
      // The question is about the lesson's own experiment, which the reader may have changed.
      if (!showsOwnScene(lesson, scene)) resetScene();
      store.set({ pending: value });
    },
    again() {
      const { lesson } = store.get();
      layout.pause();
      resetScene();
      rememberAnswer(lesson.name, null);
      const state = lessonState(lesson, lesson.scene);
      store.set({ ...state, step: state.hiddenAfter });
      focus();
    },
    draw(state) {
      if (!state.lesson || state.pending === undefined) return;
      const current = runs(state);
      if (isDecided(state, current)) reveal(state, current);
    },
  };
}

/**
 * @param {{opening: any, store: any, change: Function, settle: (scene: any) => void,
 *   runs: (state: any) => any[], say: (sentences: string[]) => void,
 *   connection: {lost: (error: any) => void, found: () => void}, layout: any}} page
 */
export function lessonController(page) {
  const { opening, store, runs } = page;
  const focus = () => view.focus();
  store.set({ lessons: opening.lessons });
  const { open, close, restore, sought, update } = lessonNavigation({ ...page, focus });
  const prediction = lessonPrediction({ ...page, focus });
  const { guess, again, resetScene } = prediction;
  const view = lessonView({ guess, again, resetScene, open, close });
  const marking = markingView({ store, guess, runs });
  const list = lessonList({ store, open });
  handout({ store, runs });
  watchLessons(opening.lessons, () => store.get().lesson?.name ?? sought(), update);
  const main = document.querySelector("main");
  return {
    restore,
    fold: () => view.fold(store.get()),
    draw(state) {
      main.classList.toggle("taught", Boolean(state.lesson));
      main.classList.toggle("asked", Boolean(state.lesson?.asked));
      main.classList.toggle("predicting", state.hiddenAfter !== null);
      view.draw(state);
      list.draw(state);
      marking.draw(state);
      prediction.draw(state);
    },
  };
}
