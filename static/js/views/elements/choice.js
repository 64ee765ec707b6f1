// Choice: one of several named options, as a drop-down or as a row of buttons.

import { isLocked } from "../../state/presentation.js";
import { make } from "./dom.js";
import { inputId } from "./text_box.js";

/** A drop-down over `[value, text]` options. */
export function selectField(label, field, options, change) {
  const id = inputId(field);
  const select = make("select", { id, disabled: isLocked(field), onchange: () => change(select.value) });
  const fill = (list) => select.replaceChildren(...list.map(([value, text]) => make("option", { value }, text)));
  fill(options);
  const properties = { className: "field select", "data-field": field };
  const element = make("div", properties, make("label", { for: id }, label), select);
  return { element, fill, sync: (value) => (select.value = value) };
}

/** A few `[value, text, title]` options as buttons, one of them pressed. */
export function segmentedControl(label, field, options, change) {
  const disabled = isLocked(field);
  const buttons = options.map(([value, text, title]) =>
    make("button", { type: "button", title, disabled, "data-value": value, onclick: () => change(value) }, text),
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
