// The page is a function of a Scene. This file connects the state, the server and the views.

import { surfaceOf } from "./state/scene/lookup.js";
import { decodeBase64 } from "./api/frames.js";
import { hiddenAfterOf } from "./state/lesson.js";
import { lessonController, lessonState } from "./lessons.js";
import { askFormula } from "./api/formulas/description.js";
import { exportedFiles } from "./api/exported_files.js";
import { longRuns } from "./api/long_runs.js";
import { outcomeMaps } from "./api/maps/outcome_maps.js";
import { pairKeeper } from "./state/runs/pair.js";
import { linkKeeper } from "./state/address.js";
import { initialState } from "./state/initial_state.js";
import { bindPresentation, keepLocked, refusal } from "./state/presentation.js";
import { createStore, onChange } from "./state/store.js";
import { visibleRuns } from "./state/hidden_until_predicted.js";
import { controlsView } from "./views/controls/controls.js";
import { galleryView } from "./views/gallery/gallery.js";
import { byId } from "./views/elements/dom.js";
import { exportMenu } from "./views/export/export_menu.js";
import { sharePanel } from "./views/share/share_panel.js";
import { noticeView } from "./views/page/notice.js";
import { fullPageLink, pageButtons } from "./views/page/page_buttons.js";
import { layoutView } from "./views/page/layout.js";
import { loadForRelief } from "./views/relief/plotly_script.js";
import { pictureRequests } from "./api/pictures.js";
import { watchLandscapeFiles } from "./api/polling/landscape_files.js";
import { watchViewTraining } from "./api/polling/view_training.js";
import { serverRequests } from "./api/requests.js";
import { thumbnailCollection } from "./api/thumbnails.js";
import { trainingRequests } from "./api/training.js";
import { bindCatalogue } from "./state/scene/catalogue.js";
import { toQuery } from "./state/scene/url.js";

const opening = JSON.parse(byId("opening").textContent);
bindCatalogue(opening.catalogue);
bindPresentation(opening.presentation);
const reading = lessonState(opening.lesson, opening.scene);
const store = createStore(initialState(opening, reading));
const notice = noticeView(byId("notice"));
const links = linkKeeper(
  (scene, lesson) => lessons.restore(scene, lesson),
  () => store.get().lesson,
);
const wholeRuns = pairKeeper();
const runs = visibleRuns(wholeRuns);

/** Replace the Scene by `update(scene)`; `done` is true at the end of a drag or of typing, when the link is updated. */
function change(update, done) {
  const before = store.get();
  const wanted = update(before.scene);
  const scene = keepLocked(before.scene, wanted);
  const refused = refusal(wanted, scene);
  if (refused) notice.say([refused]);
  const hiddenAfter = hiddenAfterOf(before.lesson, before.answer, scene);
  // If the page shows all that it may show of the run, it does so after the change too.
  const atEnd = before.step >= (before.hiddenAfter ?? before.scene.steps);
  const step = hiddenAfter ?? (atEnd ? scene.steps : Math.min(before.step, scene.steps));
  store.set({ scene, step, hiddenAfter });
  if (done) links.settle(scene);
}

const controls = controlsView(change, askFormula);
const thumbnail = thumbnailCollection(opening.thumbnails);
const gallery = galleryView({ change, thumbnail, onChoice: () => lessons.fold() });
byId("controls").append(...controls.elements);
const say = (sentences) => (sentences.length ? notice.say(sentences) : notice.clear());
const server = serverRequests({ store, say, complain: controls.complain });
const training = trainingRequests({ store, say, ...server });
const requests = { ...training, ...pictureRequests({ store, pictures: server.pictures }) };
const layout = layoutView({ store, change, runs, controls, requests, say });
pageButtons({ layout });
const exportedFile = exportedFiles(server.connection("exports"));
sharePanel({ store, links, sharing: opening.sharing, exportedFile });
store.subscribe(exportMenu({ store, runs, say, exportedFile }));
const fullPage = fullPageLink();
const lessons = lessonController({
  opening,
  store,
  change,
  settle: links.settle,
  runs: wholeRuns,
  say,
  connection: server.connection("lessons"),
  layout,
});

store.subscribe(layout.draw);
store.subscribe(lessons.draw);
store.subscribe(
  onChange(
    ({ scene, lesson }) => [scene, lesson],
    ({ scene, lesson }) => {
      controls.sync(scene);
      gallery.sync(scene);
      fullPage.sync(links.query(scene));
      document.title = `${lesson?.title ?? surfaceOf(scene).label} · Cliffscape`;
    },
  ),
);
store.subscribe(server.fetchMissing);
store.subscribe(training.fetchMissing);
store.subscribe(outcomeMaps({ store, receive: server.receive, say }));
store.subscribe(longRuns({ store, runs: wholeRuns, say }));

// A link opens the groups in which it sets a value. The values of a lesson are explained by its text.
if (!opening.lesson) controls.openGroups(opening.scene, new URLSearchParams(toQuery(opening.scene)).keys());
links.begin(opening.scene);
notice.say(opening.notice);
const fault = noticeView(byId("landscape-fault"));
watchLandscapeFiles(opening.landscape_files, (sentence) => (sentence ? fault.say([sentence]) : fault.clear()));
if (Object.keys(opening.catalogue.views).length) watchViewTraining({ store, receive: server.receive });
for (const frame of opening.frames.map(decodeBase64)) server.receive(frame, { scene: opening.scene });
layout.afterFirstPaint(() => loadForRelief(opening.plotly, store));
