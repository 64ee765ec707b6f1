// Lesson folder: asks the server again and again whether a lesson has changed. So the author of a lesson sees its new text,
// or what is wrong with it, without reloading the page.

const PAUSE = 1000; // milliseconds between two requests

/** The list of lessons with the open lesson; null if nothing has changed, or if the server cannot be reached. */
async function fetchChange(stamp, name) {
  try {
    const answer = await fetch(`lessons.json?${new URLSearchParams({ known: stamp, open: name })}`);
    return answer.status === 200 ? await answer.json() : null;
  } catch {
    return null; // the next request may succeed
  }
}

/**
 * Call `changed` with the list of lessons and the open lesson, whenever a file has changed.
 * @param {any} lessons the list that the page knows
 * @param {() => string} open the name of the open lesson, or an empty string
 * @param {(lessons: any, lesson: any) => void} changed
 */
export function watchLessons(lessons, open, changed) {
  let { stamp } = lessons;

  async function look() {
    // Nobody sees a hidden page. It asks again once it is shown.
    const found = document.hidden ? null : await fetchChange(stamp, open());
    setTimeout(look, PAUSE);
    if (!found) return;
    const { lesson, ...list } = found;
    stamp = list.stamp;
    changed(list, lesson);
  }

  if (lessons.watched) setTimeout(look, PAUSE);
}
