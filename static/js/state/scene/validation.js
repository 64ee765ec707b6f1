// Validation: checks a value that is typed into a control. The server validates whole Scenes.

function complaintOfText({ low, high }, field, text) {
  if (text.length < low) return `${field} must be at least ${low} characters long, got ${text.length || "none"}`;
  return text.length > high ? `${field} must be at most ${high} characters long, got ${text.length}` : "";
}

/** The nearest number within a parameter's bounds and of its type. */
export function clampValue(parameter, value) {
  const inside = Math.min(Math.max(value, parameter.low), parameter.high);
  return parameter.type === "int" ? Math.round(inside) : inside;
}

/** Why a typed value cannot be used, as a sentence; empty when it can. */
export function complaint(parameter, field, text) {
  if (parameter.type === "str") return complaintOfText(parameter, field, text);
  const value = Number(text);
  // `Number` also accepts "", "0x10" and "Infinity", which are not valid here.
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) || !Number.isFinite(value))
    return `${field} must be a number, got ${text.trim() || "nothing"}`;
  if (parameter.type === "int" && !Number.isInteger(value)) return `${field} must be a whole number, got ${text}`;
  if (value < parameter.low) return `${field} must be at least ${parameter.low}, got ${text}`;
  if (value > parameter.high) return `${field} must be at most ${parameter.high}, got ${text}`;
  return "";
}
