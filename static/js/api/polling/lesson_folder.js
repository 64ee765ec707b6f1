// Lesson folder: asks the server again and again whether a lesson has changed. So the author of a lesson sees its new
// text, or what is wrong with it, without reloading the page.

import { fetchJson, poll } from "./poll.js";

/**
 * Call `changed` with the list of lessons and the open lesson, whenever a file has changed.
 * @param {any} lessons the list that the page knows
 * @param {() => string} open the name of the open lesson, or an empty string
 * @param {(lessons: any, lesson: any) => void} changed
 */
export function watchLessons(lessons, open, changed) {
  let { stamp } = lessons;

  async function ask() {
    const found = await fetchJson(`lessons.json?${new URLSearchParams({ known: stamp, open: open() })}`);
    if (!found) return;
    const { lesson, ...list } = found;
    stamp = list.stamp;
    changed(list, lesson);
  }

  if (lessons.watched) poll(ask);
}
