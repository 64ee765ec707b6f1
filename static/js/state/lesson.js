// Lesson: its question, and the reader's prediction compared with what the runs did.

import { catalogue } from "./scene/catalogue.js";
import { diagonal, isCurve, surfaceOf } from "./scene/lookup.js";
import { toQuery } from "./scene/url.js";
import { formatNumber } from "./numbers.js";

// A mark is right within this share of the window's diagonal, and closer to the landing than half the step.
const NEAR = 0.05;

/**
 * The step up to which the runs of a Scene are shown before the reader has answered; null for all steps. The question does
 * not ask about another landscape, so nothing of it is hidden.
 */
export function hiddenAfterOf(lesson, answer, scene) {
  if (!lesson || answer || scene.landscape.kind !== lesson.scene.landscape.kind) return null;
  return lesson.prediction.kind === "mark" ? lesson.prediction.step : 0;
}

/** Whether an answer to a lesson is also one to its new text: the question and the experiment are the same. */
export function asksTheSame(lesson, other) {
  return JSON.stringify([lesson.prediction, lesson.scene]) === JSON.stringify([other.prediction, other.scene]);
}

/** What is wrong with the file of a lesson that the page shows, in sentences. The question of a link has no file. */
export function lessonProblems({ name, file, asked }, { listed, faults }) {
  if (asked) return [];
  if (!listed.some((one) => one.name === name)) return [`${file} has been deleted or renamed.`];
  return faults.filter((fault) => fault.startsWith(`${file}:`));
}

/** Whether the page shows the lesson's own experiment. */
export function showsOwnScene(lesson, scene) {
  return toQuery(lesson.scene) === toQuery(scene);
}

/** The options of a question, each with a value and words or HTML. */
export function optionsOf({ kind, option }) {
  if (kind === "thrown")
    return [
      { value: true, words: "Yes, it will be thrown" },
      { value: false, words: "No, it will not be thrown" },
    ];
  if (kind === "lower") return ["without", "with"].map((value) => ({ value, words: catalogue.run_labels[value] }));
  return (option ?? []).map((html, k) => ({ value: k + 1, html }));
}

/** The question of a lesson in words. */
export function questionOf({ prediction: { kind, run, step, question }, scene }) {
  if (question) return question;
  const name = `the run ${run} clipping`;
  const picture = isCurve(surfaceOf(scene)) ? "curve" : "map";
  return {
    thrown: `Will ${name} be thrown off the ${picture}?`,
    lower: "Which of the two runs ends at the lower loss?",
    mark: `At step ${step}, where will the next step of ${name} land? Mark the point on the ${picture}.`,
    choice: "",
  }[kind];
}

function runIn(runs, name) {
  return runs.find(({ run }) => run === name);
}

/** For each kind of question: whether a guess is right, the correct answer, and a sentence about it. */
const ANSWERS = {
  thrown({ run }, guess, runs) {
    const { thrown, thrown_step, thrown_length } = runIn(runs, run).summary;
    const where = `at step ${thrown_step}, by ${formatNumber(thrown_length)} units`;
    const sentence = thrown ? `The run is thrown ${where}.` : "The run is not thrown.";
    return { right: guess === thrown, truth: thrown, sentence };
  },
  lower(_, guess, runs) {
    const ends = Object.fromEntries(runs.map(({ run, summary }) => [run, summary.end_loss]));
    // NaN counts as higher than any loss.
    const low = (run) => (Number.isNaN(ends[run]) ? Infinity : ends[run]);
    const truth = low("with") < low("without") ? "with" : "without";
    const other = truth === "with" ? "without" : "with";
    const losses = `${formatNumber(ends[truth])}, compared with ${formatNumber(ends[other])}`;
    return { right: guess === truth, truth, sentence: `The run ${truth} clipping ends at the lower loss: ${losses}.` };
  },
  choice({ answer }, guess) {
    return { right: guess === answer, truth: answer, sentence: "" };
  },
  mark({ run, step }, guess, runs, window) {
    const { x, y, loss, step_length } = runIn(runs, run).trajectory;
    const truth = [x[step + 1], y[step + 1]];
    // The window of a curve has no height, and its points are (x, 0).
    const place = (window[2] === window[3] ? truth.slice(0, 1) : truth).map(formatNumber).join(", ");
    const landed = `The step lands at ${place} and is ${formatNumber(step_length[step])} units long.`;
    if (!guess) return { right: null, truth, sentence: landed };
    const distance = Math.hypot(truth[0] - guess[0], truth[1] - guess[1]);
    return {
      right: distance <= Math.min(NEAR * diagonal(window), step_length[step] / 2),
      truth,
      landing_loss: loss[step + 1],
      sentence: `${landed} Your mark is ${formatNumber(distance)} units away.`,
    };
  },
};

/** The correct option, if there are options, and a sentence about what the runs did. */
export function correctAnswer({ prediction }, runs, window) {
  const { truth, sentence } = ANSWERS[prediction.kind](prediction, null, runs, window);
  return { option: optionsOf(prediction).find(({ value }) => value === truth), sentence };
}

/** The answer to a prediction; `guess` is null where the reader skipped it. */
export function answerTo({ prediction }, guess, runs, window) {
  if (guess === null) return { guess, right: null, truth: null, sentence: "" };
  return { guess, ...ANSWERS[prediction.kind](prediction, guess, runs, window) };
}
