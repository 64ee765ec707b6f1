// Links: the address bar holds the experiment; back and forward walk through the ones settled on.

import { toQuery } from "./scene/url.js";

const REST = 250; // milliseconds without a change after which the address follows

/**
 * @param {(scene: any, lesson: string | null) => void} restore called with what an address gone back to holds
 * @param {() => any} lessonNow the lesson that is open, if one is
 */
export function linkKeeper(catalogue, restore, lessonNow) {
  let timer = 0;

  const address = (scene, lesson = lessonNow()) => {
    const query = toQuery(scene);
    if (!lesson) return query ? `?${query}` : location.pathname;
    // A lesson's name alone is its own Scene, so a Scene of nothing but defaults has to say something.
    const own = query === toQuery(lesson.scene);
    return `?lesson=${lesson.name}${own ? "" : `&${query || `runs=${scene.runs}`}`}`;
  };

  const held = (scene) => ({ scene, lesson: lessonNow()?.name ?? null });
  let shown = "";

  return {
    address,
    begin(scene) {
      shown = address(scene);
      history.replaceState(held(scene), "", shown);
      addEventListener("popstate", (event) => {
        clearTimeout(timer);
        shown = location.search || location.pathname;
        if (event.state?.scene) restore(event.state.scene, event.state.lesson ?? null);
      });
    },
    settle(scene) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (address(scene) === shown) return;
        shown = address(scene);
        history.pushState(held(scene), "", shown);
      }, REST);
    },
  };
}
