// Plotly script: Plotly draws the relief alone and is large, so a script element loads it when a relief is shown.

import { showsRelief } from "../../state/presentation.js";

const LATEST = 1000; // milliseconds that loading waits for the page to have nothing else to do

/** Load Plotly from an address, and put it into the store: undefined if that fails. */
function loadPlotly(address, store) {
  const script = document.createElement("script");
  const settle = () => store.set({ plotly: /** @type {any} */ (window).Plotly });
  script.src = address;
  script.addEventListener("load", settle);
  script.addEventListener("error", settle);
  document.head.append(script);
}

/** Safari has no idle callbacks. */
const whenIdle = (then) =>
  window.requestIdleCallback ? requestIdleCallback(then, { timeout: LATEST }) : setTimeout(then);

/**
 * Follow the state from now on, and load Plotly when it shows a relief for the first time. A page without an address for
 * Plotly has none. To be called after the first paint.
 */
export function loadForRelief(address, store) {
  let requested = false;
  store.subscribe(({ scene }) => {
    if (requested || !address || !showsRelief(scene)) return;
    requested = true;
    whenIdle(() => loadPlotly(address, store));
  });
  // Other views that come after the first paint are drawn now, too.
  store.set({});
}
