// Page buttons: light or dark theme, projector mode, and in a frame the link to the whole page.

import { byId } from "../elements/dom.js";

function remember(name, value) {
  document.documentElement.dataset[name] = value;
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** In a frame, a link to the whole page with the same experiment. `sync(query)` keeps it up to date. */
export function fullPageLink() {
  const link = byId("full-page");
  return { sync: (query) => link?.setAttribute("href", query ? `./?${query}` : "./") };
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

export function pageButtons({ layout }) {
  toggleButton("theme", ["light", "dark"], layout.restyle);
  toggleButton("projector", ["off", "on"], layout.restyle);
}
