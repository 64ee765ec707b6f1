// Text box: an input, and below it a sentence that says why its value cannot be used.

import { isLocked } from "../../state/presentation.js";
import { make } from "./dom.js";
import { infoButton } from "./info.js";

/** The id of a field's input; `field` is its name in a Scene, such as "optimizer.learning_rate". */
export function inputId(field) {
  return `field-${field.replace(".", "-")}`;
}

/** An input with its label, its description and its problem; `properties` are those of the input or text area. */
export function textBox(parameter, field, properties, tag = "input") {
  const id = inputId(field);
  const input = make(tag, {
    type: tag === "input" ? "text" : undefined,
    id,
    autocomplete: "off",
    spellcheck: false,
    disabled: isLocked(field),
    // Screen readers read the problem before the help.
    "aria-describedby": `${id}-problem ${id}-about`,
    ...properties,
  });
  const problem = make("p", { className: "problem", id: `${id}-problem`, role: "alert" });
  const label = make("label", { for: id }, parameter.label);
  const { sentence } = parameter;
  const info = sentence ? infoButton(parameter.label, sentence, { tabbable: false }) : null;
  return {
    input,
    problem,
    /** The label, and a button that explains it. */
    name: make("span", { className: "named" }, label, info),
    /** What sentences call the field: that of a start is called like its axis. */
    label: () => label.textContent || field,
    about: make("p", { className: "about", id: `${id}-about` }, parameter.sentence),
    /** Show why the value cannot be used; an empty sentence says that it can. */
    complain(sentence) {
      problem.textContent = sentence;
      input.setAttribute("aria-invalid", String(Boolean(sentence)));
    },
  };
}
