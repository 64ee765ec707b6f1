// Animation options: what an animation shows and how, and the formats that this browser can make.

import { onChange } from "../../state/store.js";
import { scheduleOf, scheduleText, shownSteps } from "../animation/schedule.js";
import { missingFormats, missingText } from "../animation/formats.js";
import { make, setText } from "../elements/dom.js";
import { hasFigure, partOf, PARTS } from "../figure/caption.js";
import { option, sizes, THEMES } from "./option.js";

const SHOWN = ["map_and_relief", "map", "relief"];
const SCALES = [1, 2];

export function animationOptions() {
  const names = SHOWN.map((part) => [part, PARTS[part].name]);
  const part = option("animation-part", "Show", names);
  const theme = option("animation-theme", "Colours", THEMES);
  const scale = option("animation-scale", "Size", sizes(SCALES));
  const length = make("p", { id: "animation-length" });
  const missing = make("p", { id: "animation-missing", hidden: true });

  return {
    elements: [part.element, theme.element, scale.element, length],
    missing,
    chosen: () => ({ part: part.select.value, theme: theme.select.value, scale: Number(scale.select.value) }),
    /** Leave out the buttons of formats that this browser cannot make, with a sentence. */
    async offer(buttons) {
      const formats = await missingFormats();
      for (const button of buttons) button.hidden = formats.includes(button.dataset.export);
      setText(missing, missingText(formats));
      missing.hidden = !formats.length;
    },
    sync: onChange(
      (state) => [state.scene, shownSteps(state)],
      (state) => {
        setText(length, scheduleText(scheduleOf(shownSteps(state))));
        for (const one of part.select.options) {
          one.hidden = one.disabled = !hasFigure(state.scene, one.value);
          setText(one, partOf(state.scene, one.value).name);
        }
        if (part.select.selectedOptions[0]?.disabled) part.select.value = "map";
      },
    ),
  };
}
