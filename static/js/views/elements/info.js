// Info: an "i" beside a quantity that shows its explanation, on hover, on a press and by keyboard.

import { make } from "./dom.js";

const GAP = 6; // pixels between the button and its explanation
let bubble = null;
let owner = null;

/** The one explanation that is open, in the top layer. It is created when it is first needed. */
function explanation() {
  if (bubble) return bubble;
  bubble = make("p", { className: "bubble", popover: "auto" });
  bubble.addEventListener("toggle", (event) => {
    if (event.newState === "closed") owner?.setAttribute("aria-expanded", "false");
  });
  document.body.append(bubble);
  return bubble;
}

/** Show the sentence of a button next to it, inside the window. */
function show(button) {
  const element = explanation();
  owner = button;
  element.textContent = button.ariaDescription;
  if (!element.matches(":popover-open")) element.showPopover();
  const { left, bottom, top } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = bottom + GAP + height < innerHeight;
  element.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  element.style.top = `${below ? bottom + GAP : top - GAP - height}px`;
  button.setAttribute("aria-expanded", "true");
}

const hide = () => bubble?.matches(":popover-open") && bubble.hidePopover();

/** A button that explains a quantity. The box of a field explains it too, so there the button is no stop of the Tab key. */
export function infoButton(name, sentence, { tabbable = true } = {}) {
  const button = make(
    "button",
    {
      type: "button",
      className: "info",
      "aria-label": `About ${name}`,
      "aria-description": sentence,
      "aria-expanded": "false",
      tabIndex: tabbable ? 0 : -1,
    },
    "i",
  );
  // A press closes an explanation that is open (light dismiss), so its state counts from before the press.
  let wasOpen = false;
  button.addEventListener("pointerdown", ({ pointerType }) => {
    wasOpen = pointerType !== "mouse" && owner === button && button.ariaExpanded === "true";
  });
  button.addEventListener("click", () => (wasOpen ? hide() : show(button)));
  button.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && show(button));
  button.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && hide());
  return button;
}

/** Let a button explain another quantity. */
export function explain(button, name, sentence) {
  button.ariaLabel = `About ${name}`;
  button.ariaDescription = sentence;
}

/** Add a button to every element of the page that has an explanation in `data-info`; its words or `data-quantity` name it. */
export function addInfoButtons() {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-info]"))) {
    const { quantity = element.textContent.trim(), info } = element.dataset;
    element.append(" ", infoButton(quantity, info));
  }
}
