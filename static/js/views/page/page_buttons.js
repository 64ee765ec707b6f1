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

function isKept(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

/** Switch an attribute of the document between two values. Returns what is called after another one has changed it. */
function toggleButton(name, [off, on], restyle) {
  const button = byId(name);
  const pressed = () => document.documentElement.dataset[name] === on;
  const sync = () => button.setAttribute("aria-pressed", String(pressed()));
  const changed = () => {
    sync();
    restyle();
  };
  button.addEventListener("click", () => {
    remember(name, pressed() ? off : on);
    changed();
  });
  // theme.js may have set the attribute before the first paint.
  sync();
  return changed;
}

/** Until a theme is chosen on the page, it is the system's, which may change in the evening. */
function followSystem(changed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => {
    if (isKept("theme")) return;
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
    changed();
  });
}

export function pageButtons({ layout }) {
  followSystem(toggleButton("theme", ["light", "dark"], layout.restyle));
  toggleButton("projector", ["off", "on"], layout.restyle);
}
