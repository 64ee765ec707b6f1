// Page file: a page of its own, which shows one landscape and needs no server. app/web/page_file/ writes it, with
// the kernels by which it computes everything.

import { embeddedFrames } from "./api/page_file/embedded_frames.js";
import { longRuns } from "./api/long_runs.js";
import { outcomeMaps } from "./api/maps/outcome_maps.js";
import { initialState } from "./state/initial_state.js";
import { pairKeeper } from "./state/runs/pair.js";
import { bindCatalogue } from "./state/scene/catalogue.js";
import { toQuery } from "./state/scene/url.js";
import { createStore, onChange } from "./state/store.js";
import { controlsView } from "./views/controls/controls.js";
import { byId, setText } from "./views/elements/dom.js";
import { layoutView } from "./views/page/layout.js";
import { noticeView } from "./views/page/notice.js";
import { pageButtons } from "./views/page/page_buttons.js";
import { loadForRelief } from "./views/relief/plotly_script.js";
import { copyByPress } from "./views/share/copy_button.js";

const NO_MAP = "This browser cannot compute outcome maps in a file. They need the server: open the link below.";
const NO_LESSON = { lesson: null, answer: null, pending: undefined, hiddenAfter: null };

/** The Scene's link, which opens on every server; with the address of the one that wrote the file, if it is known. */
function linkTo(server, scene) {
  return `${server}?${toQuery(scene) || `landscape=${scene.landscape.kind}`}`;
}

/** Keep the visible link that of the Scene. */
function linkView(server) {
  const element = byId("scene-link");
  return onChange(
    ({ scene }) => [scene],
    ({ scene }) => {
      const link = linkTo(server, scene);
      setText(element, link);
      if (server) element.href = link;
    },
  );
}

/** Replaces the Scene by `update(scene)`. A page that shows the end of the run shows the new end after it. */
function sceneChanger(store) {
  return function change(update) {
    const before = store.get();
    const scene = update(before.scene);
    const step = before.step >= before.scene.steps ? scene.steps : Math.min(before.step, scene.steps);
    store.set({ scene, step });
  };
}

/** Open the page. @param {any} opening what the file contains */
export function open(opening) {
  bindCatalogue(opening.catalogue);
  const store = createStore(initialState(opening, NO_LESSON));
  const notice = noticeView(byId("notice"));
  const say = (sentences) => (sentences.length ? notice.say(sentences) : notice.clear());
  const change = sceneChanger(store);
  const runs = pairKeeper();
  const controls = controlsView(change, async () => "");
  byId("controls").append(...controls.elements);
  const layout = layoutView({ store, change, runs, controls, requests: {}, say });
  pageButtons({ layout });
  const link = () => new URL(linkTo(opening.server, store.get().scene), location.href).href;
  copyByPress(byId("share"), "Link copied", "this link", link);
  const { receive, fetchMissing } = embeddedFrames({ store, say, ...opening });
  const listeners = [
    layout.draw,
    linkView(opening.server),
    onChange(
      ({ scene }) => [scene],
      ({ scene }) => controls.sync(scene),
    ),
    fetchMissing,
    outcomeMaps({ store, receive, say: () => say([NO_MAP]) }),
    longRuns({ store, runs, say }),
  ];
  for (const listener of listeners) store.subscribe(listener);
  controls.openGroups(opening.scene, new URLSearchParams(toQuery(opening.scene)).keys());
  layout.afterFirstPaint(() => loadForRelief(opening.plotly, store));
  store.set({});
}
