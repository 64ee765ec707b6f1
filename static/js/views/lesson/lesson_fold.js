// Lesson fold: where the lesson is above the pictures, it folds when the reader chooses another experiment in the gallery, so
// that the pictures of that experiment are seen. Beside them it stays as it is (css/lesson/fold.css).

import { showsOwnScene } from "../../state/lesson.js";
import { onChange } from "../../state/store.js";
import { byId } from "../elements/dom.js";

export function lessonFold() {
  const [panel, unfold] = ["lesson", "lesson-unfold"].map(byId);
  const set = (folded) => panel.classList.toggle("folded", folded);
  unfold.addEventListener("click", () => {
    set(false);
    byId("lesson-title").focus();
  });
  return {
    /** The reader has chosen an experiment, which may be that of the lesson. */
    fold({ lesson, scene }) {
      set(Boolean(lesson) && !showsOwnScene(lesson, scene));
    },
    /** Another lesson, or the lesson's own experiment, is read from its text on. */
    draw: onChange(
      ({ lesson, scene }) => [lesson?.name, !lesson || showsOwnScene(lesson, scene)],
      ({ lesson, scene }, [name]) => {
        if (!lesson || lesson.name !== name || showsOwnScene(lesson, scene)) set(false);
      },
    ),
  };
}
