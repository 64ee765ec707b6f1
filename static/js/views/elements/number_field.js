// Number field: a number parameter as a slider and an input, with its description and its problem.

import { complaint } from "../../state/scene/validation.js";
import { isLocked } from "../../state/presentation.js";
import { inputText, formatNumber } from "../../state/numbers.js";
import { make } from "./dom.js";
import { sliderMarks } from "./slider_marks.js";
import { sliderScale } from "./slider_scale.js";
import { textBox } from "./text_box.js";

/** `slide(done)` is called while the slider moves, and with `done` at the end. */
function sliderInput(parameter, field, notches, slide) {
  return make("input", {
    type: "range",
    min: 0,
    max: notches,
    step: 1,
    disabled: parameter.locked || isLocked(field),
    "aria-label": parameter.label,
    oninput: () => slide(false),
    onchange: () => slide(true),
  });
}

/** Label, box, slider, description and problem, from top to bottom. */
function numberElement(field, box, slider, marks) {
  const slide = make("div", { className: "slide" }, slider, marks);
  return make("div", { className: "field", "data-field": field }, box.name, box.input, slide, box.about, box.problem);
}

/**
 * @param {any} parameter a catalogue parameter; a `locked` one shows its value and does not change
 * @param {string} field its name in a Scene, such as "optimizer.learning_rate"
 * @param {(value: number, done: boolean) => void} change called while sliding, and with `done` at the end
 */
export function numberField(parameter, field, change) {
  const scale = sliderScale(parameter);
  const marks = sliderMarks(parameter);
  const box = textBox(parameter, field, {
    inputMode: "decimal",
    disabled: parameter.locked || isLocked(field),
    onchange: () => type(true),
    oninput: () => type(false),
  });
  const slider = sliderInput(parameter, field, scale.notches, slide);
  let known = null;

  function slide(done) {
    box.complain("");
    const next = scale.value(slider.value);
    box.input.value = inputText(next);
    change(next, done);
  }

  function type(done) {
    const sentence = complaint(parameter, box.label(), box.input.value);
    box.complain(sentence);
    if (sentence) return;
    known = Number(box.input.value);
    change(known, done);
  }

  function sync(current) {
    // If the slider already shows this value, it stays: rounding would keep it from reaching the next notch.
    if (scale.value(slider.value) !== current) slider.value = String(scale.notch(current));
    // The slider's own value is a notch, which means nothing to a screen reader's user.
    slider.setAttribute("aria-valuetext", formatNumber(current));
    // A half-typed number stays as it is; another value replaces it.
    if (document.activeElement !== box.input || current !== known) {
      box.input.value = inputText(current);
      box.complain("");
    }
    known = current;
  }

  return { element: numberElement(field, box, slider, marks.element), sync, complain: box.complain, mark: marks.show };
}
