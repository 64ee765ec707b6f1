// Popover: a box that a button opens below itself, on a phone at the lower edge of the screen. Escape and a press outside
// close it, and arrow keys move between its buttons.

const GAP = 6; // pixels between the button and the box, and to the edges of the window
const PHONE = 480; // pixels of a window that is no wider than the box
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Put the box below the button, inside the window. */
function place(box, button) {
  Object.assign(box.style, { left: "", top: "", maxHeight: "" });
  if (innerWidth < PHONE) return;
  const { right, bottom } = button.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(right, innerWidth - GAP) - box.offsetWidth);
  const top = bottom + GAP;
  Object.assign(box.style, { left: `${left}px`, top: `${top}px`, maxHeight: `${innerHeight - top - GAP}px` });
}

/** Move the focus by an arrow key, Home or End. */
function moveFocus(event, box) {
  const buttons = [...box.querySelectorAll("button")].filter((one) => one.offsetParent !== null);
  const at = buttons.indexOf(document.activeElement);
  const ends = { Home: 0, End: buttons.length - 1 };
  // In a drop-down arrow keys choose.
  if (at < 0 || !(event.key in STEPS || event.key in ends)) return;
  const next = ends[event.key] ?? (at + STEPS[event.key] + buttons.length) % buttons.length;
  buttons[next].focus();
  event.preventDefault();
}

/** Let `button` open and close `box`. */
export function openBy(button, box) {
  box.popover = "auto";
  button.popoverTargetElement = box;
  button.setAttribute("aria-controls", box.id);
  button.setAttribute("aria-expanded", "false");
  box.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") place(box, button);
  });
  box.addEventListener("keydown", (event) => moveFocus(event, box));
}
