// Plotly queue: with software graphics, a redraw by Plotly takes from tens of milliseconds to a second. Redraws run one
// after the other. They wait until nothing is dragged or played and until the finest picture has arrived.

import { onChange } from "../../state/store.js";

const REST = 250; // milliseconds without a new picture

const nextTask = () => new Promise((resolve) => setTimeout(resolve));
const busy = ({ dragging, playing }) => dragging || playing;

/** The values that the painters draw, and those that decide whether they wait. */
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

/** @param {((state: any) => any)[]} painters each checks by itself whether it has anything to paint */
export function plotlyQueue(store, painters) {
  let timer = 0;
  let started = false;
  let themeVersion = -1;

  async function run() {
    started = true;
    // A new theme or size is drawn even during a drag.
    const urgent = themeVersion !== store.get().themeVersion;
    themeVersion = store.get().themeVersion;
    for (const paint of painters) {
      // A drag that began meanwhile goes first; when it ends, everything is requested again.
      if (!urgent && busy(store.get())) return;
      await paint(store.get());
      // Let the browser handle input between two redraws.
      await nextTask();
    }
  }

  return onChange(inputs, (state) => {
    clearTimeout(timer);
    // A new size or theme cannot wait: the lines would not fit the picture.
    if (!state.plotly || (busy(state) && themeVersion === state.themeVersion)) return;
    timer = setTimeout(run, started ? REST : 0);
  });
}
