// Lesson memory: stores the answers in this tab, so that a reload does not ask the same question again, and the lesson that
// is folded there; and the completed lessons in the browser.

const ANSWER = "cliffscape-lesson-";
const FOLDED = "cliffscape-folded-lesson";
const PLACE = "cliffscape-lesson-place";
const DONE = "cliffscape-lessons";

function read(storage, key) {
  try {
    return JSON.parse(storage().getItem(key));
  } catch {
    return null; // storage may be forbidden, or hold something else
  }
}

function write(storage, key, value) {
  try {
    storage().setItem(key, JSON.stringify(value));
  } catch {
    // Storage may be forbidden; the value is then forgotten on reload.
  }
}

export function rememberedAnswer(name) {
  return read(() => sessionStorage, ANSWER + name);
}

export function rememberAnswer(name, answer) {
  write(() => sessionStorage, ANSWER + name, answer);
}

/** @returns {string | null} name of the lesson that is folded in this tab */
export function rememberedFold() {
  return read(() => sessionStorage, FOLDED);
}

/** Where the reader has followed a link of a lesson: its index, and its distance from the window's top. Asked once. */
export function takePlace(name) {
  const found = read(() => sessionStorage, PLACE);
  write(() => sessionStorage, PLACE, null);
  return found?.name === name ? found : null;
}

export function rememberPlace(name, index, top) {
  write(() => sessionStorage, PLACE, { name, index, top });
}

export function rememberFold(name) {
  write(() => sessionStorage, FOLDED, name);
}

/** @returns {string[]} names of the lessons that the reader has answered */
export function lessonsDone() {
  const names = read(() => localStorage, DONE);
  return Array.isArray(names) ? names : [];
}

export function markDone(name) {
  write(() => localStorage, DONE, [...new Set([...lessonsDone(), name])]);
}

/** Forget which lessons are done, and the answers to them. */
export function forgetLessons(names) {
  write(() => localStorage, DONE, []);
  for (const name of names) rememberAnswer(name, null);
}
