// Formulas: what the server says about a typed text.

import { answerError, PassingError, untilLost } from "../retry.js";
import { isKnownFormula, keepFormula } from "../../state/scene/formulas.js";

/**
 * Ask the server about a text, unless the page knows it. Returns "" if it is a formula, and otherwise the sentence that
 * says why not.
 * @param {string} text
 * @param {AbortSignal} signal
 */
export async function askFormula(text, signal) {
  if (isKnownFormula(text)) return "";
  try {
    const answer = await untilLost(fetch(`formula.json?${new URLSearchParams({ text })}`, { signal }));
    if (!answer.ok) throw await answerError(answer);
    const { problem = "", ...description } = await untilLost(answer.json());
    if (!problem) keepFormula(text, description);
    return problem;
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof PassingError) return "The server does not answer at the moment; the formula is not read yet.";
    if (!error.problem) throw error;
    return error.problem.detail;
  }
}
