// Lesson fold: where the lesson is above the pictures, it folds when the reader chooses another experiment in the gallery, so
// that the pictures of that experiment are seen. Beside them it stays as it is (css/lesson/fold.css).

import { showsOwnScene } from "../../state/lesson.js";
import { rememberedFold, rememberFold } from "../../state/lesson_memory.js";
import { onChange } from "../../state/store.js";
import { byId } from "../elements/dom.js";

/** Whether the pictures show another experiment than that of the open lesson. */
const isAway = ({ lesson, scene }) => Boolean(lesson) && !showsOwnScene(lesson, scene);

export function lessonFold() {
  const [panel, unfold] = ["lesson", "lesson-unfold"].map(byId);
  // The name of the folded lesson: a reload shows the page as it was.
  let folded = rememberedFold();
  function set(name) {
    folded = name;
    panel.classList.toggle("folded", name !== null);
    rememberFold(name);
  }
  unfold.addEventListener("click", () => {
    set(null);
    byId("lesson-title").focus();
  });
  return {
    /** The reader has chosen an experiment, which may be that of the lesson. */
    fold(state) {
      set(isAway(state) ? state.lesson.name : null);
    },
    /** Another lesson, or the lesson's own experiment, is read from its text on. */
    draw: onChange(
      (state) => [state.lesson?.name, isAway(state)],
      (state) => set(isAway(state) && state.lesson.name === folded ? folded : null),
    ),
  };
}
