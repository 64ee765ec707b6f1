// Gallery: all landscapes with their pictures and presets, in a panel that the button in the header opens.

import { isLocked } from "../../state/presentation.js";
import { catalogue } from "../../state/scene/catalogue.js";
import { chosenPreset } from "../../state/scene/chosen_preset.js";
import { heightOf, surfaceOf } from "../../state/scene/lookup.js";
import { presetScene } from "../../state/scene/presets.js";
import { themeName } from "../canvas/colour.js";
import { onRestoration } from "../canvas/context.js";
import { byId, make, setText } from "../elements/dom.js";
import { landscapeCard, presetName } from "./card.js";
import { galleryKeys } from "./gallery_keys.js";
import { paintThumbnail } from "./thumbnail.js";

/** The groups that have landscapes, each with the cards of its landscapes. */
function groupsOf(choose) {
  const cards = catalogue.landscape.map((landscape) => landscapeCard(landscape, choose));
  return catalogue.groups
    .map((group) => ({ ...group, cards: cards.filter(({ landscape }) => landscape.group === group.name) }))
    .filter((group) => group.cards.length)
    .map((group) => ({ ...group, section: groupSection(group) }));
}

function groupSection({ name, sentence, cards }) {
  const list = make("ul", { className: "cards" }, ...cards.map(({ item }) => item));
  return make("section", {}, make("header", {}, make("h3", {}, name), make("p", {}, sentence)), list);
}

/** Buttons that scroll to the groups. */
function groupButtons(groups) {
  return groups.map(({ name, section }) =>
    make("button", { type: "button", className: "plain", onclick: () => section.scrollIntoView() }, name),
  );
}

const wordsIn = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Of the presets that a search shows, the first one of a landscape that has all words in its name, or else the first. */
function bestMatch(buttons, text) {
  const named = (button) => button.closest(".card").querySelector("h4").textContent.toLowerCase();
  return buttons.find((button) => wordsIn(text).every((word) => named(button).includes(word))) ?? buttons[0];
}

/** Show only what contains all words of a text: a whole landscape, or some of its presets. Returns how many presets. */
function filterGroups(groups, text) {
  const words = wordsIn(text);
  const has = (all) => words.every((word) => all.includes(word));
  let count = 0;
  for (const { cards, section } of groups) {
    for (const { item, presets, words: own } of cards) {
      const whole = has(own);
      for (const preset of presets) preset.item.hidden = !whole && !has(`${own} ${preset.words}`);
      const shown = presets.filter((preset) => !preset.item.hidden).length;
      item.hidden = !shown;
      count += shown;
    }
    section.hidden = cards.every(({ item }) => item.hidden);
  }
  return count;
}

/** Request the pictures and paint each as it arrives, unless it has been painted in these colours and this size. */
function paintCards(groups, thumbnail) {
  for (const { kind, landscape, canvas } of groups.flatMap(({ cards }) => cards)) {
    const scale = heightOf(presetScene(catalogue.scene, kind, landscape.presets[0]));
    const paint = (found) => {
      const look = `${themeName()} ${canvas.clientWidth} ${devicePixelRatio}`;
      // A card that the search hides has no size. It is painted when the gallery is opened again.
      if (!canvas.clientWidth || canvas.dataset.painted === look) return;
      paintThumbnail(canvas, found, scale);
      canvas.dataset.painted = look;
    };
    // Without its picture, a landscape can still be chosen.
    thumbnail(kind).then(paint, () => {});
  }
}

/** Keep the page behind an open dialog from scrolling; without its scroll bar the page would become wider. */
function holdPage(dialog) {
  const hold = (event) => {
    if (event.target === dialog || !dialog.contains(event.target)) event.preventDefault();
  };
  document.addEventListener("wheel", hold, { passive: false });
  dialog.addEventListener("close", () => document.removeEventListener("wheel", hold), { once: true });
}

/** The panel. It is built when it is opened for the first time. */
function galleryPanel({ choose, thumbnail, chosen }) {
  const [dialog, search, list] = ["gallery", "gallery-search", "gallery-list"].map(byId);
  const [jumps, count] = ["gallery-groups", "gallery-count"].map(byId);
  const groups = groupsOf(choose);
  jumps.append(...groupButtons(groups));
  list.append(...groups.map(({ section }) => section));
  const buttons = () => [...list.querySelectorAll("[data-preset]")].filter((button) => button.checkVisibility());
  const best = () => bestMatch(buttons(), search.value);
  const keys = galleryKeys({ search, list, buttons, best });

  function filter() {
    const found = filterGroups(groups, search.value);
    const said = found ? `${found} preset${found === 1 ? "" : "s"}` : `No landscape contains “${search.value}”.`;
    setText(count, search.value ? said : "");
    jumps.hidden = Boolean(search.value);
    keys.reset();
  }
  search.addEventListener("input", filter);
  onRestoration(() => {
    for (const { canvas } of groups.flatMap(({ cards }) => cards)) delete canvas.dataset.painted;
    if (dialog.open) paintCards(groups, thumbnail);
  });

  return function open() {
    search.value = "";
    filter();
    for (const button of list.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
    const { kind, name } = chosen();
    list.querySelector(`[data-preset="${name}"]`)?.setAttribute("aria-current", "true");
    dialog.showModal();
    holdPage(dialog);
    keys.focus(list.querySelector(`[data-preset="${name || presetName(kind, 0)}"]`));
    paintCards(groups, thumbnail);
  };
}

/**
 * The button in the header, and the panel that it opens.
 * @param {{change: Function, thumbnail: (kind: string) => Promise<any>, onChoice: () => void}} page
 */
export function galleryView({ change, thumbnail, onChoice }) {
  const [button, dialog] = [byId("field-landscape"), byId("gallery")];
  const [label, preset] = button.querySelectorAll("span");
  button.disabled = isLocked("landscape");
  let kind = ""; // of the landscape that the page shows

  function choose(chosen, one) {
    dialog.close();
    change((scene) => presetScene(scene, chosen, one), true);
    onChoice();
  }

  const chosen = () => ({ kind, name: button.dataset.preset });
  /** @type {(() => void) | null} */
  let open = null;
  button.addEventListener("click", () => (open ??= galleryPanel({ choose, thumbnail, chosen }))());
  byId("gallery-close").addEventListener("click", () => dialog.close());
  // A click outside the panel hits the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  return {
    /** Name the Scene's landscape and preset on the button. */
    sync(scene) {
      // The browser's back button, for which the panel was open.
      if (dialog.open) dialog.close();
      const surface = surfaceOf(scene);
      const k = chosenPreset(scene);
      kind = surface.kind;
      button.dataset.preset = k < 0 ? "" : presetName(kind, k);
      setText(label, surface.label);
      setText(preset, surface.presets[k]?.name ?? "custom settings");
    },
  };
}
