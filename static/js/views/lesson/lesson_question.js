// Lesson question: the options, and after the prediction the correct one.

import { optionsOf } from "../../state/lesson.js";
import { onChange } from "../../state/store.js";
import { byId, make } from "../elements/dom.js";

const RESULTS = new Map([
  [true, "Right."],
  [false, "Not quite."],
  [null, ""],
]);

/** Mark the chosen option and the correct one. */
function markOption(button, value, { guess, truth }) {
  button.setAttribute("aria-pressed", String(guess === value));
  button.classList.toggle("truth", truth === value);
  if (truth === value) button.append(make("span", { className: "aside" }, " (correct)"));
}

function optionButton({ value, words, html }, answer, guess) {
  const button = make("button", { type: "button", onclick: () => guess(value), disabled: Boolean(answer) });
  if (html) button.innerHTML = html;
  else button.textContent = words;
  if (answer) markOption(button, value, answer);
  return button;
}

function resultText(answer) {
  return answer ? [RESULTS.get(answer.right), answer.sentence].filter(Boolean).join(" ") : "";
}

/** @param {{guess: (guess: any) => void, again: () => void}} act */
export function lessonQuestion({ guess, again }) {
  const [options, result, after] = ["lesson-options", "lesson-result", "lesson-after"].map(byId);
  const [repeat, skip, settle] = ["lesson-again", "lesson-skip", "lesson-settle"].map(byId);
  repeat.addEventListener("click", again);
  skip.addEventListener("click", () => guess(null));

  function show({ prediction }, answer) {
    const buttons = optionsOf(prediction).map((option) => optionButton(option, answer, guess));
    options.replaceChildren(...buttons);
    options.hidden = !buttons.length;
    settle.hidden = Boolean(answer) || prediction.kind !== "mark";
    skip.hidden = Boolean(answer);
    after.hidden = repeat.hidden = !answer;
    result.textContent = resultText(answer);
    result.hidden = !result.textContent;
  }

  return {
    draw: onChange(
      ({ lesson, answer }) => [lesson, answer],
      ({ lesson, answer }) => lesson && show(lesson, answer),
    ),
  };
}
