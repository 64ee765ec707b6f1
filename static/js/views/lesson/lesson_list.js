// Lesson list: all lessons in order, grouped by part. Completed lessons have a tick.

import { forgetLessons, lessonsDone } from "../../state/lesson_memory.js";
import { withPresentation } from "../../state/presentation.js";
import { onChange } from "../../state/store.js";
import { byId, make } from "../elements/dom.js";

/** Numbered lessons, grouped by part. */
function partsOf(listed) {
  const parts = [];
  listed.forEach((lesson, k) => {
    if (parts.at(-1)?.part !== lesson.part) parts.push({ part: lesson.part, lessons: [] });
    parts.at(-1).lessons.push({ ...lesson, number: k + 1 });
  });
  return parts;
}

/** A link that opens the lesson in this page, unless a modifier key asks for another tab or window. */
function lessonLink({ name, title }, current, go) {
  const link = make("a", { href: `?${withPresentation(`lesson=${name}`)}` }, title);
  if (current) link.setAttribute("aria-current", "true");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(name);
  });
  return link;
}

function lessonItem(lesson, done, current, go) {
  const tick = make("span", { className: "tick", "aria-hidden": "true" }, done ? "✓" : "");
  const words = done ? make("span", { className: "aside" }, " done") : null;
  return make("li", { value: lesson.number }, lessonLink(lesson, current, go), tick, words);
}

function partSection({ part, lessons }, current, go) {
  const done = lessonsDone();
  const items = lessons.map((lesson) => lessonItem(lesson, done.includes(lesson.name), lesson.name === current, go));
  return make("section", {}, part ? make("h3", {}, part) : null, make("ol", {}, ...items));
}

/** How many lessons are done, and a button that forgets it. */
function progressLine(reset) {
  const [line, words] = ["lesson-progress", "lesson-progress-words"].map(byId);
  byId("lesson-reset").addEventListener("click", reset);
  return {
    show(listed) {
      const done = lessonsDone();
      const count = listed.filter(({ name }) => done.includes(name)).length;
      words.textContent = `${count} of ${listed.length} done.`;
      line.hidden = !count;
    },
  };
}

/** @param {{store: any, open: (name: string) => void}} page */
export function lessonList({ store, open }) {
  const [button, dialog, list, faulty] = ["lessons", "lesson-list", "lesson-entries", "lesson-faults"].map(byId);
  const progress = progressLine(() => {
    forgetLessons(store.get().lessons.listed.map(({ name }) => name));
    fill(store.get());
    byId("lesson-list-close").focus(); // the button that had the focus is hidden now
  });

  function go(name) {
    dialog.close();
    open(name);
  }

  function fill({ lessons: { listed, faults }, lesson }) {
    list.replaceChildren(...partsOf(listed).map((part) => partSection(part, lesson?.name, go)));
    faulty.hidden = !faults.length;
    faulty.querySelector("ul").replaceChildren(...faults.map((fault) => make("li", {}, fault)));
    progress.show(listed);
  }

  button.addEventListener("click", () => {
    // The list is built again every time, because lessons may have been completed since.
    fill(store.get());
    dialog.showModal();
  });
  byId("lesson-list-close").addEventListener("click", () => dialog.close());
  // A click outside the list hits the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return {
    draw: onChange(
      ({ lessons }) => [lessons],
      (state) => {
        button.hidden = !state.lessons.listed.length && !state.lessons.faults.length;
        if (dialog.open) fill(state);
      },
    ),
  };
}
