// The page is a function of a Scene. This file wires state, server and views; each of them is a room of its own.

import { decodeBase64, frameLine } from "./api/frames.js";
import { loadKernels } from "./api/kernels.js";
import { laneKeeper } from "./state/lanes.js";
import { linkKeeper } from "./state/links.js";
import { curvatureSignature, kernelSignature, surfaceSignature, surfaceOf } from "./state/scene.js";
import { createStore, onChange } from "./state/store.js";
import { controlsView, landscapeChooser } from "./views/controls.js";
import { byId } from "./views/dom.js";
import { noticeView } from "./views/notice.js";
import { pageButtons } from "./views/page_buttons.js";
import { stageView } from "./views/stage.js";

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

async function receiveKernels(frame, scene) {
  if (frame.reason) return notice.say([frame.reason]);
  const kernels = await loadKernels(frame);
  const signatureOf = frame.kind === "kernel" ? kernelSignature : curvatureSignature;
  const signature = signatureOf(catalogue, scene);
  // Modules that load late must not take the place of those that are wanted by now.
  if (signature !== signatureOf(catalogue, store.get().scene)) return;
  if (frame.kind === "kernel") store.set({ kernels, kernelsFor: signature });
  else store.set({ curvature: kernels.curvature, curvatureFor: signature });
}

function receive(frame, { scene }) {
  if (frame.kind === "kernel" || frame.kind === "curvature")
    receiveKernels(frame, scene).catch((error) => notice.say([String(error.message)]));
  else if (frame.kind === "error") notice.say([frame.detail]);
  else {
    const signature = surfaceSignature(catalogue, scene);
    const shown = store.get()[frame.kind];
    // What the server holds comes first, so a coarse picture may follow a fine one.
    if (shown?.signature === signature && shown.loss.length > frame.loss.length) return;
    store.set({ [frame.kind]: { ...frame, landscape: scene.landscape.kind, signature } });
  }
}

function fail(error) {
  const errors = error.problem?.errors;
  if (errors?.length) notice.say(controls.complain(errors).map(({ message }) => message));
  else notice.say([error.problem?.detail ?? "The server cannot be reached; what is on the page stays."]);
}

const ask = frameLine(receive, fail);

/** Ask for what the Scene needs and the page does not hold. */
const fetchMissing = onChange(
  ({ scene }) => [surfaceSignature(catalogue, scene), kernelSignature(catalogue, scene)],
  (state, [surfaceBefore]) => {
    const [surface, kernel] = [surfaceSignature(catalogue, state.scene), kernelSignature(catalogue, state.scene)];
    const kinds =
      surface === surfaceBefore && state.surface?.signature === surface && state.relief?.signature === surface
        ? []
        : ["surface", "relief"];
    if (state.kernelsFor !== kernel) kinds.push("kernel");
    if (state.curvatureFor !== curvatureSignature(catalogue, state.scene)) kinds.push("curvature");
    // Looked up when the request leaves: until then, frames of an older wish may come in.
    const have = () => {
      const held = ["surface", "relief"].map((kind) => store.get()[kind]);
      return held.filter((frame) => frame?.signature === surface).map(({ key }) => key);
    };
    if (surfaceBefore) notice.clear();
    if (kinds.length) ask({ scene: state.scene, have, kinds });
  },
);

const controls = controlsView(catalogue, change);
const chooser = landscapeChooser(catalogue, change);
byId("controls").append(...controls.elements);
byId("landscape").append(chooser.element);
const stage = stageView({ catalogue, store, change, lanes, controls });
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
store.subscribe(fetchMissing);

links.begin(opening.scene);
notice.say(opening.notice);
for (const frame of opening.frames.map(decodeBase64)) receive(frame, { scene: opening.scene });
stage.afterFirstPaint(() => {
  const script = document.createElement("script");
  script.src = opening.plotly;
  script.addEventListener("load", () => store.set({ plotly: /** @type {any} */ (window).Plotly }));
  document.head.append(script);
});
