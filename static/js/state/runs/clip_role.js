// Clip role: whether the threshold is a safety net for rare steps, or limits most of them.

// Shares of the steps that are clipped. Below the first the threshold is a safety net; above the second it limits.
const RARE = 0.05;
const MOST = 0.5;

/** What the threshold does in a run with clipping, in a sentence; empty before the first step. */
export function clipRole({ clipped_steps, taken_steps }) {
  if (!taken_steps) return "";
  const share = clipped_steps / taken_steps;
  if (share < RARE) return "The threshold is a safety net: under 5 % of the steps are clipped.";
  if (share > MOST) return "The threshold limits the step: over half of the steps are clipped.";
  return "The threshold is more than a safety net: between 5 % and half of the steps are clipped.";
}
