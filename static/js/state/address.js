// Address: the address bar holds the experiment. Back and forward go through the experiments at which the user stopped.

import { withPresentation } from "./presentation.js";
import { toQuery } from "./scene/url.js";

// Milliseconds without a change after which the address is updated. Otherwise every typed digit would be an entry in
// the history, and browsers limit how often a page may change its address.
const REST = 250;

/** The query of a Scene, and of the open lesson, if there is one. */
function queryOf(scene, lesson) {
  const query = toQuery(scene);
  if (!lesson) return query;
  // The question of a link is about its own experiment, so the link of another experiment has none.
  if (lesson.asked) return query === toQuery(lesson.scene) ? [query, lesson.asked].filter(Boolean).join("&") : query;
  if (query === toQuery(lesson.scene)) return `lesson=${lesson.name}`;
  // The lesson's name alone means its own Scene, so a Scene with only default values must name one of them.
  return `lesson=${lesson.name}&${query || `runs=${scene.runs}`}`;
}

/** The address of a Scene and of the open lesson. */
function addressOf(scene, lesson) {
  const query = withPresentation(queryOf(scene, lesson));
  return query ? `?${query}` : location.pathname;
}

/**
 * @param {(scene: any, lesson: string | null) => void} restore called when the user goes back or forward
 * @param {() => any} lessonNow the lesson that is open, if there is one
 */
export function linkKeeper(restore, lessonNow) {
  let timer = 0;
  let shown = "";
  const address = (scene) => addressOf(scene, lessonNow());
  const entry = (scene) => ({ scene, lesson: lessonNow()?.name ?? null });

  function push(scene) {
    // Without a change there must be no second entry in the history.
    if (address(scene) === shown) return;
    shown = address(scene);
    history.pushState(entry(scene), "", shown);
  }

  return {
    address,
    /** The query of a Scene and of the open lesson, without the presentation. */
    query: (scene) => queryOf(scene, lessonNow()),
    begin(scene) {
      shown = address(scene);
      history.replaceState(entry(scene), "", shown);
      addEventListener("popstate", (event) => {
        // A pending update would overwrite the entry that the user went back to.
        clearTimeout(timer);
        shown = location.search || location.pathname;
        if (event.state?.scene) restore(event.state.scene, event.state.lesson ?? null);
      });
    },
    settle(scene) {
      clearTimeout(timer);
      timer = setTimeout(() => push(scene), REST);
    },
  };
}
