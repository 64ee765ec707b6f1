// Formula field: a loss as text. It is read when the keyboard rests. While a text is no formula, the picture of the last
// formula stays, and a sentence says what is wrong and where.

import { isLocked } from "../../state/presentation.js";
import { isKnownFormula, withFormula } from "../../state/scene/formulas.js";
import { complaint } from "../../state/scene/validation.js";
import { make } from "../elements/dom.js";
import { textBox } from "../elements/text_box.js";

const REST = 120; // milliseconds without a key
const [FEWEST_ROWS, MOST_ROWS] = [2, 10];

/** As many rows as the text has lines. */
function fitRows(input) {
  input.rows = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, input.value.split("\n").length));
}

/**
 * Asks about one text at a time: `ask(text)` is the sentence that says why the text is no formula, empty if it is one,
 * and undefined if another text came, or there is no answer. `cancel()` ends the question.
 */
function formulaReader(parameter, readFormula) {
  let request = new AbortController();
  return {
    cancel: () => request.abort(),
    async ask(text) {
      request.abort();
      request = new AbortController();
      const { signal } = request;
      const problem =
        complaint(parameter, parameter.label, text) || (await readFormula(text, signal).catch(() => undefined));
      return signal.aborted ? undefined : problem;
    },
  };
}

/**
 * The field of a formula's text. A rest of the keyboard, or a click outside it, reads the text.
 * @param {any} parameter the catalogue's parameter
 * @param {string} field its name in a Scene
 * @param {{change: Function, readFormula: (text: string, signal: AbortSignal) => Promise<string>}} page
 */
export function formulaField(parameter, field, { change, readFormula }) {
  let [known, timer] = [/** @type {string | null} */ (null), 0];
  const reader = formulaReader(parameter, readFormula);
  const properties = {
    rows: FEWEST_ROWS,
    disabled: parameter.locked || isLocked(field),
    oninput: wait,
    onchange: read,
  };
  const { input, problem, name, about, complain } = textBox(parameter, field, properties, "textarea");

  function wait() {
    fitRows(input);
    clearTimeout(timer);
    timer = window.setTimeout(read, REST);
  }

  async function read() {
    clearTimeout(timer);
    const text = input.value;
    const sentence = await reader.ask(text);
    if (sentence !== undefined) complain(sentence);
    if (sentence !== "" || text === known) return;
    known = text;
    change((scene) => withFormula(scene, text), true);
  }

  function sync(current) {
    // A text that is being typed stays until the Scene has another formula.
    if (current === known) return;
    reader.cancel();
    clearTimeout(timer);
    known = input.value = current;
    fitRows(input);
    complain("");
    // A formula of a lesson, or of an older page in the browser's history.
    if (!isKnownFormula(current)) void reader.ask(current).then(() => change((scene) => ({ ...scene }), false));
  }

  const element = make("div", { className: "field formula", "data-field": field }, name, input, about, problem);
  return { element, complain, sync };
}
