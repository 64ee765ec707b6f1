// The lesson's panel: text, the question, what was foretold against what came, and the way on.

import { atHome, optionsOf, questionOf } from "../../state/lesson.js";
import { onChange } from "../../state/store.js";
import { byId, make } from "../elements/dom.js";

const VERDICTS = new Map([
  [true, "Right."],
  [false, "It came out otherwise."],
  [null, ""],
]);

/** HTML that the server has made of Markdown; it holds no markup of the author's own. */
function fill(element, html) {
  element.innerHTML = html;
  element.hidden = !html;
}

/**
 * @param {{catalogue: any, listed: any[], act: {guess: (guess: any) => void, again: () => void, home: () => void,
 *   open: (name: string) => void, close: () => void}}} page
 */
export function lessonView({ catalogue, listed, act }) {
  const [panel, part, title, place] = ["", "-part", "-title", "-place"].map((end) => byId(`lesson${end}`));
  const [body, question, options, told] = ["body", "question", "options", "result"].map((end) => byId(`lesson-${end}`));
  const [reveal, check, source, away] = ["reveal", "check", "source", "away"].map((end) => byId(`lesson-${end}`));
  const [after, again, skip, settle] = ["after", "again", "skip", "settle"].map((end) => byId(`lesson-${end}`));
  const ways = { previous: byId("lesson-previous"), next: byId("lesson-next") };
  let beside = {};

  byId("lesson-close").addEventListener("click", act.close);
  byId("lesson-home").addEventListener("click", act.home);
  again.addEventListener("click", act.again);
  skip.addEventListener("click", () => act.guess(null));
  for (const [name, button] of Object.entries(ways)) button.addEventListener("click", () => act.open(beside[name]));

  /** A link to another experiment leaves the lesson open. */
  function keepOpen({ name }) {
    for (const link of panel.querySelectorAll('.prose a[href^="?"]'))
      link.setAttribute("href", `?lesson=${name}&${link.getAttribute("href").slice(1)}`);
  }

  function way(name, entry) {
    beside[name] = entry?.name;
    ways[name].hidden = !entry;
    if (entry) ways[name].querySelector("span").textContent = entry.title;
  }

  function show(lesson) {
    panel.hidden = !lesson;
    if (!lesson) return;
    const at = listed.findIndex(({ name }) => name === lesson.name);
    part.textContent = lesson.part;
    place.textContent = `Lesson ${at + 1} of ${listed.length}`;
    title.textContent = lesson.title;
    fill(body, lesson.body);
    fill(question, questionOf(lesson.prediction));
    fill(reveal, lesson.reveal);
    keepOpen(lesson);
    fill(check, `<strong>Check</strong> ${lesson.check}`);
    fill(source, `Source: ${lesson.source}`);
    way("previous", listed[at - 1]);
    way("next", listed[at + 1]);
    panel.scrollTop = 0;
  }

  function showAnswer(lesson, answer) {
    if (!lesson) return;
    const buttons = optionsOf(lesson.prediction).map(({ value, words, html }) => {
      const button = make("button", { type: "button", onclick: () => act.guess(value), disabled: Boolean(answer) });
      if (html) button.innerHTML = html;
      else button.textContent = words;
      if (answer) {
        const truth = answer.truth === value;
        button.classList.toggle("truth", truth);
        button.setAttribute("aria-pressed", String(answer.guess === value));
        if (truth) button.append(make("span", { className: "aside" }, " (this is so)"));
      }
      return button;
    });
    options.replaceChildren(...buttons);
    options.hidden = !buttons.length;
    settle.hidden = Boolean(answer) || lesson.prediction.kind !== "mark";
    skip.hidden = Boolean(answer);
    after.hidden = again.hidden = !answer;
    const words = answer ? [VERDICTS.get(answer.right), answer.said].filter(Boolean).join(" ") : "";
    told.textContent = words;
    told.hidden = !words;
  }

  return {
    sync: onChange(
      ({ lesson }) => [lesson],
      ({ lesson }) => show(lesson),
    ),
    syncAnswer: onChange(
      ({ lesson, answer }) => [lesson, answer],
      ({ lesson, answer }) => showAnswer(lesson, answer),
    ),
    syncPlace: onChange(
      ({ lesson, scene }) => [lesson, scene],
      ({ lesson, scene }) => (away.hidden = !lesson || atHome(catalogue, lesson, scene)),
    ),
    /** Where reading begins, for keyboards and screen readers. */
    focus: () => title.focus({ preventScroll: true }),
  };
}
