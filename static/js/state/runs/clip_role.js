// Clip role: whether the threshold is a safety net for rare steps, or limits most of them.

import { catalogue } from "../scene/catalogue.js";

/** What the threshold does in a run, by the rule that is traced from PyTorch, in a sentence; empty without a threshold. */
export function clipRole(summary) {
  const name = Object.keys(catalogue.clip_roles).find((role) => summary[`says_${role}`]);
  return name ? catalogue.clip_roles[name] : "";
}
