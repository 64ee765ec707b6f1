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

/** Why the fields of a kind make no question, as a sentence; empty if they do. */
export function questionProblem(kind, { step, question, option, answer }, steps) {
  if (kind === "mark" && !(/^\d+$/.test(step) && Number(step) < steps))
    return `step must be a whole number from 0 to ${steps - 1}, got ${step || "nothing"}`;
  if (kind !== "choice") return "";
  if (!question) return "question must be given for a choice of answers, got nothing";
  const count = linesOf(option).length;
  if (count < 2 || count > MOST) return `answers must be 2 to ${MOST} lines, got ${count || "none"}`;
  if (option.includes(BETWEEN)) return `answers must be without ${BETWEEN}, got '${BETWEEN}'`;
  return answer ? "" : "correct answer must be one of the answers, got nothing";
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
    question: [
      "Question",
      make("input", { type: "text", maxLength: LONGEST, placeholder: "Empty: the usual question" }),
    ],
    option: ["Answers, one per line", make("textarea", { rows: 3 })],
    answer: ["Correct answer", choose([["", "Choose"]])],
  };
}

/** `changed()` is called when a field has changed. */
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

  element.addEventListener("input", (event) => {
    if (event.target === fields.option[1]) offerAnswers();
    for (const [name, row] of Object.entries(rows)) row.hidden = !FIELDS[kind.value].includes(name);
    changed();
  });

  return {
    element,
    query: () => questionQuery(kind.value, values()),
    problem: (steps) => questionProblem(kind.value, values(), steps),
  };
}
