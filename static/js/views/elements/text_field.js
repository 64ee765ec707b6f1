// Text field: a text parameter as an input. The text is used when the input loses focus or Enter is pressed.

import { complaint } from "../../state/scene/validation.js";
import { make } from "./dom.js";
import { textBox } from "./text_box.js";

export function textField(parameter, field, change) {
  const box = textBox(parameter, field, { onchange: submit });
  let known = null;

  function submit() {
    const text = box.input.value.trim();
    const sentence = complaint(parameter, box.label(), text);
    box.complain(sentence);
    if (!sentence) change(text, true);
  }

  const properties = { className: "field text", "data-field": field };
  return {
    element: make("div", properties, box.name, box.input, box.about, box.problem),
    complain: box.complain,
    sync(current) {
      // Text that is being typed stays until the Scene's own text changes.
      if (current === known) return;
      known = box.input.value = current;
      box.complain("");
    },
  };
}
