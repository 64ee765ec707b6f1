// Page buttons: copy a link, light or dark theme, projector mode.

import { byId } from "../elements/dom.js";

const SHOWN = 1500; // milliseconds for which the button says that the link was copied

function remember(name, value) {
  document.documentElement.dataset[name] = value;
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** Copy the link that `link()` returns. */
function shareButton(link) {
  const button = byId("share");
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const address = new URL(link(), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = "Link copied";
    } catch {
      // There is no clipboard without https: the reader copies the address by hand.
      window.prompt("Copy this link", address);
    }
    setTimeout(() => (button.textContent = label), SHOWN);
  });
}

/** Switch an attribute of the document between two values. */
function toggleButton(name, [off, on], restyle) {
  const button = byId(name);
  const pressed = () => document.documentElement.dataset[name] === on;
  const sync = () => button.setAttribute("aria-pressed", String(pressed()));
  button.addEventListener("click", () => {
    remember(name, pressed() ? off : on);
    sync();
    restyle();
  });
  // theme.js may have set the attribute before the first paint.
  sync();
}

export function pageButtons({ layout, link }) {
  shareButton(link);
  toggleButton("theme", ["light", "dark"], layout.restyle);
  toggleButton("projector", ["off", "on"], layout.restyle);
}
