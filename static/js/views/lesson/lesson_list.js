// The list of lessons: in order, by part, with a tick at those that are done.

import { lessonsDone } from "../../state/lesson.js";
import { byId, make } from "../elements/dom.js";

/** Lessons one after the other, in pairs of a part's name and its lessons. */
function parts(listed) {
  const found = [];
  listed.forEach((lesson, k) => {
    if (found.at(-1)?.part !== lesson.part) found.push({ part: lesson.part, lessons: [] });
    found.at(-1).lessons.push({ ...lesson, number: k + 1 });
  });
  return found;
}

/** @param {{listed: any[], faults: string[], open: (name: string) => void}} page */
export function lessonList({ listed, faults, open }) {
  const [button, dialog, list, broken] = ["lessons", "lesson-list", "lesson-entries", "lesson-faults"].map(byId);
  button.hidden = !listed.length && !faults.length;

  function entry({ name, title, number }, done, current) {
    const go = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      dialog.close();
      open(name);
    };
    const link = make("a", { href: `?lesson=${name}`, onclick: go }, title);
    if (current === name) link.setAttribute("aria-current", "true");
    const tick = make("span", { className: "tick", "aria-hidden": "true" }, done ? "✓" : "");
    return make("li", { value: number }, link, tick, done ? make("span", { className: "aside" }, " done") : null);
  }

  function show(current) {
    const done = lessonsDone();
    const groups = parts(listed).map(({ part, lessons }) =>
      make(
        "section",
        {},
        part ? make("h3", {}, part) : null,
        make("ol", {}, ...lessons.map((lesson) => entry(lesson, done.includes(lesson.name), current))),
      ),
    );
    list.replaceChildren(...groups);
    broken.hidden = !faults.length;
    broken.querySelector("ul").replaceChildren(...faults.map((fault) => make("li", {}, fault)));
    dialog.showModal();
  }

  byId("lesson-list-close").addEventListener("click", () => dialog.close());
  // A press beside the list, on what lies under it, closes it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return { onPress: (current) => button.addEventListener("click", () => show(current())) };
}
