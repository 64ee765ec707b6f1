// Question fields: a question of the teacher's own for a frame, of the same kinds as in lessons.

import { catalogue } from "../../state/scene/catalogue.js";
import { make } from "../elements/dom.js";

const KINDS = [
  ["", "No question"],
  ["thrown", "Will a run be thrown?"],
  ["lower", "Which run ends at the lower loss?"],
  ["mark", "Where will a step land?"],
  ["choice", "A choice of answers"],
];
const MOST = 6; // options of a choice, as in lessons
const LONGEST = 300; // characters of a question
const USUAL = "Empty: the usual question";
const BETWEEN = "|";
// The fields of every kind.
const FIELDS = {
  "": [],
  thrown: ["run", "question"],
  lower: ["question"],
  mark: ["run", "step", "question"],
  choice: ["question", "option", "answer"],
};

function labelled(id, label, input) {
  input.id = id;
  return make("div", { className: "option", hidden: true }, make("label", { for: id }, label), input);
}

function choose(options) {
  return make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
}

/** The lines of a text that are not empty. */
const linesOf = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** Why fields of a kind make no question: a sentence per field, by name. */
function problemsOf(kind, { step, question, option, answer }, steps) {
  const found = {};
  if (kind === "mark" && !(/^\d+$/.test(step) && Number(step) < steps))
    found.step = `step must be a whole number from 0 to ${steps - 1}, got ${step || "nothing"}`;
  if (kind !== "choice") return found;
  if (!question) found.question = "question must be given for a choice of answers, got nothing";
  const count = linesOf(option).length;
  if (count < 2 || count > MOST) found.option = `answers must be 2 to ${MOST} lines, got ${count || "none"}`;
  else if (option.includes(BETWEEN)) found.option = `answers must be without ${BETWEEN}, got '${BETWEEN}'`;
  if (!answer) found.answer = "correct answer must be one of the answers, got nothing";
  return found;
}

/** Why the fields of a kind make no question, as a sentence; empty if they do. */
export const questionProblem = (kind, values, steps) => Object.values(problemsOf(kind, values, steps))[0] ?? "";

/** The same, only about fields of a set: those that the reader has been in. */
export function namedProblem(kind, values, steps, left) {
  const found = Object.entries(problemsOf(kind, values, steps)).find(([name]) => left.has(name));
  return found?.[1] ?? "";
}

/** A question as part of a link; app/web/sharing/question.py reads it. */
export function questionQuery(kind, values) {
  if (!kind) return "";
  const query = new URLSearchParams({ ask: kind });
  for (const name of FIELDS[kind]) {
    const value = name === "option" ? linesOf(values.option).join(BETWEEN) : values[name];
    if (value) query.set(`ask.${name}`, value);
  }
  return query.toString().replaceAll("%7C", BETWEEN);
}

function inputs() {
  const runs = Object.entries(catalogue.run_labels);
  return {
    run: ["Run", choose(runs)],
    step: ["Step", make("input", { type: "text", inputMode: "numeric", value: "0" })],
    question: ["Question", make("input", { type: "text", maxLength: LONGEST, placeholder: USUAL })],
    option: ["Answers, one per line", make("textarea", { rows: 3 })],
    answer: ["Correct answer", choose([["", "Choose"]])],
  };
}

/** The names of the fields that the reader has left: a problem is named there, and not while the first word is typed. */
function fieldsLeft(element, fields, changed) {
  const left = new Set();
  element.addEventListener("focusout", (event) => {
    const name = Object.keys(fields).find((one) => fields[one][1] === event.target);
    if (!name || left.has(name)) return;
    left.add(name);
    changed();
  });
  return left;
}

/** `changed()` is called when a field has changed, or has been left. */
export function questionFields(changed) {
  const fields = inputs();
  const kind = choose(KINDS);
  const rows = Object.fromEntries(
    Object.entries(fields).map(([name, [label, input]]) => [name, labelled(`ask-${name}`, label, input)]),
  );
  const element = make("div", { className: "question-fields" }, labelled("ask", "Ask", kind), ...Object.values(rows));
  /** @type {any} */ (element.firstChild).hidden = false;
  /** @returns {any} */
  const values = () =>
    Object.fromEntries(Object.entries(fields).map(([name, [, input]]) => [name, input.value.trim()]));

  /** The correct answer is one of the lines. */
  function offerAnswers() {
    const [answer, before] = [fields.answer[1], fields.answer[1].value];
    const lines = linesOf(fields.option[1].value).map((line, k) => make("option", { value: String(k + 1) }, line));
    answer.replaceChildren(make("option", { value: "" }, "Choose"), ...lines);
    answer.value = Number(before) <= lines.length ? before : "";
  }

  const left = fieldsLeft(element, fields, changed);
  element.addEventListener("input", (event) => {
    if (event.target === fields.option[1]) offerAnswers();
    if (event.target === kind) left.clear();
    fields.question[1].placeholder = kind.value === "choice" ? "Your question" : USUAL;
    for (const [name, row] of Object.entries(rows)) row.hidden = !FIELDS[kind.value].includes(name);
    changed();
  });

  return {
    element,
    sync: (hidden) => (element.hidden = hidden),
    query: () => questionQuery(kind.value, values()),
    problem: (steps) => questionProblem(kind.value, values(), steps),
    namedProblem: (steps) => namedProblem(kind.value, values(), steps, left),
  };
}
