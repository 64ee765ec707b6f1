// Lesson: what a reader has foretold, what came out, and which lessons are done.

import { diagonal } from "./scene/lookup.js";
import { toQuery } from "./scene/url.js";
import { formatNumber } from "./numbers.js";
import { RUN_NAMES } from "./verdict.js";

// A mark is right within a share of the window's diagonal, and nearer to the landing than half the step is long.
const NEAR = 0.05;

/** Up to which step the runs are shown before the reader has answered; null for all of them. */
export function hiddenAfterOf(lesson, answer) {
  if (!lesson || answer) return null;
  return lesson.prediction.kind === "mark" ? lesson.prediction.step : 0;
}

/** Whether the page still shows the lesson's own experiment. */
export function atHome(catalogue, lesson, scene) {
  return toQuery(lesson.scene) === toQuery(scene);
}

/** What there is to choose from, as value and words. */
export function optionsOf({ kind, option }) {
  if (kind === "thrown")
    return [
      { value: true, words: "Yes, it is thrown" },
      { value: false, words: "No, it comes through" },
    ];
  if (kind === "lower") return ["without", "with"].map((value) => ({ value, words: RUN_NAMES[value] }));
  return (option ?? []).map((html, k) => ({ value: k + 1, html }));
}

export function questionOf({ kind, run, step, question }) {
  if (question) return question;
  const name = `the run ${run} clipping`;
  return {
    thrown: `Will ${name} be thrown off the map?`,
    lower: "Which of the two runs ends lower?",
    mark: `Mark on the map where step ${step} of ${run} lands.`,
    choice: "",
  }[kind];
}

function runIn(runs, name) {
  return runs.find(({ run }) => run === name);
}

const ways = {
  thrown({ run }, guess, runs) {
    const { summary } = runIn(runs, run);
    const how = `at step ${summary.thrown_step}, by ${formatNumber(summary.thrown_length)} units`;
    return {
      right: guess === summary.thrown,
      truth: summary.thrown,
      said: summary.thrown ? `It is thrown ${how}.` : "It is not thrown.",
    };
  },
  lower(_, guess, runs) {
    const ends = Object.fromEntries(runs.map(({ run, summary }) => [run, summary.end_loss]));
    // What is not a number is not low.
    const low = (run) => (Number.isNaN(ends[run]) ? Infinity : ends[run]);
    const truth = low("with") < low("without") ? "with" : "without";
    const other = truth === "with" ? "without" : "with";
    const said = `${RUN_NAMES[truth]} it ends lower: at ${formatNumber(ends[truth])} against ${formatNumber(ends[other])}.`;
    return { right: guess === truth, truth, said };
  },
  choice({ answer }, guess) {
    return { right: guess === answer, truth: answer, said: "" };
  },
  mark({ run, step }, guess, runs, window) {
    const { x, y, step_length } = runIn(runs, run).trajectory;
    const truth = [x[step + 1], y[step + 1]];
    const far = Math.hypot(truth[0] - guess[0], truth[1] - guess[1]);
    const landed = `It lands at ${truth.map(formatNumber).join(", ")}, a step of ${formatNumber(step_length[step])} units`;
    return {
      right: far <= Math.min(NEAR * diagonal(window), step_length[step] / 2),
      truth,
      said: `${landed}; your mark is ${formatNumber(far)} units from there.`,
    };
  },
};

/** What came out against what was foretold; `guess` is null where the reader would not say. */
export function answered({ prediction }, guess, runs, window) {
  if (guess === null) return { guess, right: null, truth: null, said: "" };
  return { guess, ...ways[prediction.kind](prediction, guess, runs, window) };
}

// What this tab has answered, so that going back and reloading ask nothing twice; and, for good, what is done.
const ANSWER = "cliffscape-lesson-";
const DONE = "cliffscape-lessons";

function kept(storage, key) {
  try {
    return JSON.parse(storage().getItem(key));
  } catch {
    return null; // storage may be forbidden, or hold something else
  }
}

function keep(storage, key, value) {
  try {
    storage().setItem(key, JSON.stringify(value));
  } catch {
    // Then it lasts as long as the page.
  }
}

export function rememberedAnswer(name) {
  return kept(() => sessionStorage, ANSWER + name);
}

export function rememberAnswer(name, answer) {
  keep(() => sessionStorage, ANSWER + name, answer);
}

/** @returns {string[]} names of the lessons whose end has been seen */
export function lessonsDone() {
  const names = kept(() => localStorage, DONE);
  return Array.isArray(names) ? names : [];
}

export function markDone(name) {
  keep(() => localStorage, DONE, [...new Set([...lessonsDone(), name])]);
}
