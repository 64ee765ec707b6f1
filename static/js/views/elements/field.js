// Field: one declared number as a slider and a box to type in, with its sentence and its complaint.

import { complaint, held } from "../../state/scene/validation.js";
import { along, typed, formatNumber } from "../../state/numbers.js";
import { make } from "./dom.js";

const NOTCHES = 1000;

/**
 * @param {any} parameter a catalogue parameter
 * @param {string} field its name in a Scene, such as "optimizer.learning_rate"
 * @param {(value: number, done: boolean) => void} change called while sliding, and with `done` at the end
 */
export function numberField(parameter, field, change) {
  const id = `field-${field.replace(".", "-")}`;
  const { value, share } = along(parameter);
  const tidy = (v) => held(parameter, parameter.type === "int" ? v : Number(v.toPrecision(3)));
  const marks = make("div", { className: "marks", "aria-hidden": "true" });
  const problem = make("p", { className: "problem", id: `${id}-problem`, role: "alert" });
  const text = make("input", {
    type: "text",
    id,
    inputMode: "decimal",
    autocomplete: "off",
    spellcheck: false,
    "aria-describedby": `${id}-problem ${id}-about`,
    onchange: () => type(true),
    oninput: () => type(false),
  });
  // A whole number has a notch of its own, so that an arrow key is one.
  const notches = parameter.type === "int" && !parameter.log ? parameter.high - parameter.low : NOTCHES;
  const slid = () => tidy(value(Number(slider.value) / notches));
  const slide = (done) => {
    complain("");
    const next = slid();
    text.value = typed(next);
    change(next, done);
  };
  const slider = make("input", {
    type: "range",
    min: 0,
    max: notches,
    step: 1,
    "aria-label": parameter.label,
    oninput: () => slide(false),
    onchange: () => slide(true),
  });

  let known = null;

  function complain(sentence) {
    problem.textContent = sentence;
    text.setAttribute("aria-invalid", String(Boolean(sentence)));
  }

  function type(done) {
    const sentence = complaint(parameter, field, text.value);
    complain(sentence);
    if (sentence) return;
    known = Number(text.value);
    change(known, done);
  }

  const about = make("p", { className: "about", id: `${id}-about` }, parameter.sentence);
  const element = make(
    "div",
    { className: "field", "data-field": field },
    make("label", { for: id, title: parameter.sentence }, parameter.label),
    text,
    make("div", { className: "slide" }, slider, marks),
    about,
    problem,
  );
  return {
    element,
    complain,
    sync(current) {
      // Where it stands for the value already it stays, or rounding would hold it back from the next notch.
      if (slid() !== current) slider.value = String(Math.round(share(current) * notches));
      slider.setAttribute("aria-valuetext", formatNumber(current));
      // What is being typed is left alone, so that a half-typed number survives; another value replaces it.
      if (document.activeElement !== text || current !== known) {
        text.value = typed(current);
        complain("");
      }
      known = current;
    },
    /** Marks on the slider: `{value, className, title}` each; those off the scale are left out. */
    mark(items) {
      const shown = items.filter(({ value: v }) => v >= parameter.low && v <= parameter.high);
      marks.replaceChildren(
        ...shown.map(({ value: v, className, title }) => {
          const dot = make("i", { className, title });
          dot.style.setProperty("--place", String(share(v)));
          return dot;
        }),
      );
    },
  };
}

/** A declared text, as a box to type in; taken when it is left or Enter is pressed. */
export function textField(parameter, field, change) {
  const id = `field-${field.replace(".", "-")}`;
  const problem = make("p", { className: "problem", id: `${id}-problem`, role: "alert" });
  const complain = (sentence) => {
    problem.textContent = sentence;
    text.setAttribute("aria-invalid", String(Boolean(sentence)));
  };
  const text = make("input", {
    type: "text",
    id,
    autocomplete: "off",
    spellcheck: false,
    "aria-describedby": `${id}-problem ${id}-about`,
    onchange() {
      const sentence = complaint(parameter, field, text.value.trim());
      complain(sentence);
      if (!sentence) change(text.value.trim(), true);
    },
  });
  const element = make(
    "div",
    { className: "field text", "data-field": field },
    make("label", { for: id, title: parameter.sentence }, parameter.label),
    text,
    make("p", { className: "about", id: `${id}-about` }, parameter.sentence),
    problem,
  );
  let known = null;
  return {
    element,
    complain,
    sync(current) {
      if (current === known) return;
      known = text.value = current;
      complain("");
    },
  };
}

/** A drop-down over named options. */
export function selectField(label, field, options, change) {
  const id = `field-${field.replace(".", "-")}`;
  const select = make("select", { id, onchange: () => change(select.value) });
  const fill = (list) => select.replaceChildren(...list.map(([value, text]) => make("option", { value }, text)));
  fill(options);
  const element = make(
    "div",
    { className: "field select", "data-field": field },
    make("label", { for: id }, label),
    select,
  );
  return { element, fill, sync: (value) => (select.value = value) };
}

/** A few choices side by side, one of them pressed. */
export function segmented(label, field, options, change) {
  const buttons = options.map(([value, text, title]) =>
    make("button", { type: "button", title, "data-value": value, onclick: () => change(value) }, text),
  );
  const element = make(
    "div",
    { className: "segmented", role: "group", "aria-label": label, "data-field": field },
    ...buttons,
  );
  return {
    element,
    sync(value) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
    },
  };
}
