// Slider marks: small marks over a slider at notable values, such as the largest stable learning rate.

import { along } from "../../state/numbers.js";
import { make } from "./dom.js";

export function sliderMarks(parameter) {
  const { share } = along(parameter);
  // Hidden from screen readers: a sentence near the slider gives the same values.
  const element = make("div", { className: "marks", "aria-hidden": "true" });

  function mark({ value, className, title }) {
    const dot = make("i", { className, title });
    dot.style.setProperty("--place", String(share(value)));
    return dot;
  }

  return {
    element,
    /** `{value, className, title}` each; values off the scale are left out. */
    show(items) {
      const visible = items.filter(({ value }) => value >= parameter.low && value <= parameter.high);
      element.replaceChildren(...visible.map(mark));
    },
  };
}
