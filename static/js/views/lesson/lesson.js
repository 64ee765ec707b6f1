// Lesson: the panel with the text, the question, the answer, and buttons to the previous and the next lesson.

import { lessonProblems, questionOf, showsOwnScene } from "../../state/lesson.js";
import { withPresentation } from "../../state/presentation.js";
import { rememberPlace, takePlace } from "../../state/lesson_memory.js";
import { onChange } from "../../state/store.js";
import { byId, make } from "../elements/dom.js";
import { lessonFold } from "./lesson_fold.js";
import { lessonQuestion } from "./lesson_question.js";

const PATIENCE = 5000; // milliseconds in which an opened page becomes as long as it was

/** The server renders this HTML from Markdown, and escapes all HTML in it. */
function fill(element, html) {
  element.innerHTML = html;
  element.hidden = !html;
}

const linksOf = (panel) => [...panel.querySelectorAll('.prose a[href^="?"]')];
const topOf = (link) => link.getBoundingClientRect().top;

/** Add the lesson to the links in its text, so that it stays open when a link changes the experiment. */
function keepLessonInLinks(panel, name) {
  for (const [index, link] of linksOf(panel).entries()) {
    link.setAttribute("href", `?${withPresentation(`lesson=${name}&${link.getAttribute("href").slice(1)}`)}`);
    // The link opens the page anew.
    link.addEventListener("click", () => rememberPlace(name, index, topOf(link)));
  }
}

/** Scroll the panel, or the page where the panel is not scrolled, until the link is where it was. */
function moveTo(panel, link, top) {
  const before = panel.scrollTop;
  panel.scrollTop += topOf(link) - top;
  if (panel.scrollTop === before) scrollBy(0, topOf(link) - top);
}

/** Return to where the reader was when a link in the lesson's text opened the page anew. */
function returnToPlace(panel, name) {
  const place = takePlace(name);
  const link = place && linksOf(panel)[place.index];
  if (!link) return;
  // The page grows until the runs have come and the answer is shown. Whoever scrolls meanwhile goes on from there.
  const last = performance.now() + PATIENCE;
  let reader = false;
  const stop = () => (reader = true);
  for (const event of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(event, stop, { once: true, passive: true });
  const scroll = () => {
    if (reader || performance.now() > last) return;
    const shown = link.checkVisibility();
    if (shown) moveTo(panel, link, place.top);
    if (!shown || Math.abs(topOf(link) - place.top) > 1) requestAnimationFrame(scroll);
  };
  requestAnimationFrame(scroll);
}

/** A button to a neighbouring lesson. */
function neighbourButton(id, open) {
  const button = byId(id);
  let name = "";
  button.addEventListener("click", () => open(name));
  return {
    show(lesson) {
      button.hidden = !lesson;
      if (!lesson) return;
      name = lesson.name;
      button.querySelector("span").textContent = lesson.title;
    },
  };
}

/** Title, text and source of a lesson. */
function lessonText(open) {
  const element = (name) => byId(`lesson-${name}`);
  const [panel, title] = [byId("lesson"), element("title")];
  const [previous, next] = ["previous", "next"].map((name) => neighbourButton(`lesson-${name}`, open));

  let shown = "";

  function show(lesson, { listed }) {
    const index = listed.findIndex(({ name }) => name === lesson.name);
    element("part").textContent = lesson.part;
    element("place").textContent = index < 0 ? "" : `Lesson ${index + 1} of ${listed.length}`;
    title.textContent = lesson.title;
    fill(element("body"), lesson.body);
    fill(element("question"), questionOf(lesson));
    fill(element("reveal"), lesson.reveal);
    keepLessonInLinks(panel, lesson.name);
    fill(element("check"), lesson.check && `<strong>Check</strong> ${lesson.check}`);
    fill(element("source"), lesson.source && `Source: ${lesson.source}`);
    panel.classList.toggle("asked", Boolean(lesson.asked));
    element("kind").textContent = lesson.asked ? "question" : "lesson";
    previous.show(listed[index - 1]);
    next.show(index < 0 ? undefined : listed[index + 1]);
    // The panel may still be scrolled to the end of the previous lesson.
    if (lesson.name !== shown) panel.scrollTop = 0;
    if (!shown) returnToPlace(panel, lesson.name);
    shown = lesson.name;
  }

  return onChange(
    ({ lesson, lessons }) => [lesson, lessons],
    ({ lesson, lessons }) => {
      panel.hidden = !lesson;
      if (lesson) show(lesson, lessons);
    },
  );
}

/** What is wrong with the file of the open lesson, for its author. */
function problemList() {
  const box = byId("lesson-problems");
  return onChange(
    ({ lesson, lessons }) => [lesson, lessons],
    ({ lesson, lessons }) => {
      const problems = lesson ? lessonProblems(lesson, lessons) : [];
      box.querySelector("ul").replaceChildren(...problems.map((problem) => make("li", {}, problem)));
      box.hidden = !problems.length;
    },
  );
}

/**
 * @param {{guess: (guess: any) => void, again: () => void, resetScene: () => void, open: (name: string) => void,
 *   close: () => void}} act
 */
export function lessonView(act) {
  const [title, away] = ["lesson-title", "lesson-away"].map(byId);
  byId("lesson-close").addEventListener("click", act.close);
  byId("lesson-home").addEventListener("click", act.resetScene);
  const [showText, showProblems] = [lessonText(act.open), problemList()];
  const question = lessonQuestion(act);
  const fold = lessonFold();
  const showPlace = onChange(
    ({ lesson, scene }) => [lesson, scene],
    ({ lesson, scene }) => (away.hidden = !lesson || showsOwnScene(lesson, scene)),
  );
  return {
    draw(state) {
      showText(state);
      showProblems(state);
      question.draw(state);
      showPlace(state);
      fold.draw(state);
    },
    /** The reader has chosen an experiment in the gallery. */
    fold: fold.fold,
    /** Focus the title, so that keyboards and screen readers start there. */
    focus: () => title.focus({ preventScroll: true }),
  };
}
