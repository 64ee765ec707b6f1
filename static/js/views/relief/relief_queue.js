// Relief queue: with software graphics, a drawing of the mesh by Plotly takes from tens of milliseconds to a second. It
// waits until nothing is dragged or played and until the finest picture has arrived.

import { onChange } from "../../state/store.js";

const REST = 250; // milliseconds without a new picture

const busy = ({ dragging, playing }) => dragging || playing;

/** The values that the relief shows, and those that decide whether it waits. */
const inputs = (s) => [
  s.plotly,
  s.surface,
  s.relief,
  s.scene.colour,
  s.scene.path,
  s.projection,
  s.themeVersion,
  s.dragging,
  s.playing,
];

/** @param {(state: any) => Promise<void>} paint checks by itself whether it has anything to paint */
export function reliefQueue(store, paint) {
  let timer = 0;
  let started = false;
  let themeVersion = -1;

  function run() {
    const state = store.get();
    // A new theme or size is drawn even during a drag.
    const urgent = themeVersion !== state.themeVersion;
    started = true;
    themeVersion = state.themeVersion;
    // When a drag that began meanwhile ends, everything is requested again.
    if (urgent || !busy(state)) paint(state);
  }

  return onChange(inputs, (state) => {
    clearTimeout(timer);
    // A new size or theme cannot wait: the relief would not fit its panel.
    if (!state.plotly || (busy(state) && themeVersion === state.themeVersion)) return;
    timer = setTimeout(run, started ? REST : 0);
  });
}
