// The page's own buttons: share, theme, projector.

import { byId } from "../elements/dom.js";

function remember(name, value) {
  document.documentElement.dataset[name] = value;
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

export function pageButtons({ layout, link }) {
  const share = byId("share");
  share.addEventListener("click", async () => {
    const address = new URL(link(), location.href).href;
    const said = share.textContent;
    try {
      await navigator.clipboard.writeText(address);
      share.textContent = "Link copied";
    } catch {
      // Without the clipboard (plain http) the address is offered for copying by hand.
      window.prompt("Copy this link", address);
    }
    setTimeout(() => (share.textContent = said), 1500);
  });
  const toggle = (id, name, values) => {
    const button = byId(id);
    const sync = () =>
      button.setAttribute("aria-pressed", String(document.documentElement.dataset[name] === values[1]));
    button.addEventListener("click", () => {
      remember(name, document.documentElement.dataset[name] === values[1] ? values[0] : values[1]);
      sync();
      layout.restyle();
    });
    sync();
  };
  toggle("theme", "theme", ["light", "dark"]);
  toggle("projector", "projector", ["off", "on"]);
}
