// Plotly script: Plotly is large, so it is loaded by a script element after the first paint.

/** Load Plotly from an address, and put it into the store. */
export function loadPlotly(address, store) {
  const script = document.createElement("script");
  script.src = address;
  script.addEventListener("load", () => store.set({ plotly: /** @type {any} */ (window).Plotly }));
  document.head.append(script);
}
