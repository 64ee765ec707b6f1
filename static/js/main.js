// The page is a function of a Scene. This file wires state, server and views; each of them is a room of its own.

import { decodeBase64 } from "./api/frames.js";
import { laneKeeper } from "./state/lanes.js";
import { linkKeeper } from "./state/links.js";
import { surfaceOf } from "./state/scene.js";
import { createStore, onChange } from "./state/store.js";
import { controlsView, landscapeChooser } from "./views/controls.js";
import { byId } from "./views/dom.js";
import { noticeView } from "./views/notice.js";
import { pageButtons } from "./views/page_buttons.js";
import { stageView } from "./views/stage.js";
import { serverWishes } from "./wishes.js";

const opening = JSON.parse(byId("opening").textContent);
const { catalogue } = opening;
const store = createStore({
  scene: opening.scene,
  surface: null,
  relief: null,
  kernels: null,
  kernelsFor: "",
  curvature: null,
  curvatureFor: "",
  bias: null,
  biasFor: "",
  slice: null,
  twins: null,
  flow: null,
  vanishing: null,
  vanishingOpen: false,
  progress: null,
  stopped: false,
  training: null,
  trainingStatus: "",
  projection: null,
  step: opening.scene.steps,
  hover: null,
  playing: false,
  dragging: false,
  plotly: null,
  looks: 0,
});
const notice = noticeView(byId("notice"));
const links = linkKeeper(catalogue, (scene) => store.set({ scene, step: scene.steps }));
const lanes = laneKeeper(catalogue);

/** Replace the Scene by `update(scene)`; `done` when the user has settled on it. */
function change(update, done) {
  const before = store.get();
  const scene = update(before.scene);
  // Whoever looks at the end of the run keeps looking at its end.
  const step = before.step >= before.scene.steps ? scene.steps : Math.min(before.step, scene.steps);
  store.set({ scene, step });
  if (done) links.settle(scene);
}

const controls = controlsView(catalogue, change);
const chooser = landscapeChooser(catalogue, change);
byId("controls").append(...controls.elements);
byId("landscape").append(chooser.element);
const say = (sentences) => (sentences.length ? notice.say(sentences) : notice.clear());
const wishes = serverWishes({ catalogue, store, say, complain: controls.complain });
const stage = stageView({ catalogue, store, change, lanes, controls, wishes, say });
pageButtons({ stage, link: () => links.address(store.get().scene) });

store.subscribe(stage.draw);
store.subscribe(
  onChange(
    ({ scene }) => [scene],
    ({ scene }) => {
      controls.sync(scene);
      chooser.sync(scene);
      document.title = `${surfaceOf(catalogue, scene).label} · Cliffscape`;
    },
  ),
);
store.subscribe(wishes.fetchMissing);

links.begin(opening.scene);
notice.say(opening.notice);
for (const frame of opening.frames.map(decodeBase64)) wishes.receive(frame, { scene: opening.scene });
stage.afterFirstPaint(() => {
  const script = document.createElement("script");
  script.src = opening.plotly;
  script.addEventListener("load", () => store.set({ plotly: /** @type {any} */ (window).Plotly }));
  document.head.append(script);
});
