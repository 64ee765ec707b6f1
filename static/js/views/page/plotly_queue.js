// Plotly's redraws take from tens of milliseconds to a second of software graphics: they wait until the hand is off
// and the finest picture is in, and come one after the other.

import { onChange } from "../../state/store.js";

const REST = 250; // milliseconds without a new picture

/** @param {((state: any) => any)[]} painters each looks itself whether there is anything to paint */
export function plotlyQueue(store, painters) {
  let timer = 0;
  let begun = false;
  let look = -1;

  async function run() {
    begun = true;
    const urgent = look !== store.get().themeVersion;
    look = store.get().themeVersion;
    for (const paint of painters) {
      const { dragging, playing } = store.get();
      // A hand that came in between goes first; when it is off, all this is asked for again.
      if (!urgent && (dragging || playing)) return;
      await paint(store.get());
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  return onChange(
    (s) => [
      s.plotly,
      s.surface,
      s.relief,
      s.scene.colour,
      s.scene.path,
      s.projection,
      s.themeVersion,
      s.dragging,
      s.playing,
    ],
    (state) => {
      clearTimeout(timer);
      // A new size or theme cannot wait: the lines would lie beside the picture.
      if (!state.plotly || ((state.dragging || state.playing) && look === state.themeVersion)) return;
      timer = setTimeout(run, begun ? REST : 0);
    },
  );
}
