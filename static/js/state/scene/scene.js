// The Scene: everything the user chose. Links hold only what differs from the catalogue's defaults.

/** Of a recurrent network alone. */
export const NET_FAMILIES = ["cell", "task", "initialisation", "slice"];
export const FAMILIES = ["landscape", ...NET_FAMILIES, "optimizer", "schedule", "clip"];

export function entryOf(catalogue, family, kind) {
  return catalogue[family].find((entry) => entry.kind === kind);
}

/** The chosen landscape; of a net, with the window and the start of its slice. */
export function surfaceOf(catalogue, scene) {
  const entry = entryOf(catalogue, "landscape", scene.landscape.kind);
  if (!entry.server) return entry;
  const { window, start, height } = entryOf(catalogue, "slice", scene.slice.kind);
  return { ...entry, windows: { whole: window }, start, height };
}

/** Whether the landscape stays on the server, pictures and all. */
export function onServer(catalogue, scene) {
  return entryOf(catalogue, "landscape", scene.landscape.kind).server;
}

/** Why the browser cannot compute the descent itself, so that it comes from the server; empty where it can. */
export function noKernel(catalogue, scene) {
  const chosen = ["landscape", "optimizer", "clip"].map((family) => entryOf(catalogue, family, scene[family].kind));
  return chosen.find(({ no_kernel }) => no_kernel)?.no_kernel ?? "";
}

/** What else there is to see of the landscape, or nothing. */
export function studyOf(catalogue, scene) {
  return entryOf(catalogue, "landscape", scene.landscape.kind).study;
}

export function windowOf(catalogue, scene) {
  const { windows } = surfaceOf(catalogue, scene);
  if (Array.isArray(scene.window)) return scene.window;
  return windows[scene.window] ?? Object.values(windows)[0];
}

/** @returns {[number, number]} */
export function startOf(catalogue, scene) {
  return scene.start ?? surfaceOf(catalogue, scene).start;
}

/** The Scene in another window; a start that lies in none of its windows goes back to where the landscape has it. */
export function withWindow(catalogue, scene, name) {
  const next = { ...scene, window: name };
  const [x, y] = startOf(catalogue, next);
  const inside = ([left, right, bottom, top]) => x >= left && x <= right && y >= bottom && y <= top;
  const allowed = [windowOf(catalogue, next), ...Object.values(surfaceOf(catalogue, next).windows)];
  return allowed.some(inside) ? next : { ...next, start: null };
}

/** The clip's threshold, 0 where none is shown: the curve on which it is a line, and its shape in the plane. */
export function thresholdOf(catalogue, scene) {
  const { acts_on, shape } = entryOf(catalogue, "clip", scene.clip.kind);
  const value = scene.runs === "without" ? 0 : (scene.clip.threshold ?? 0);
  return { value, shape, curve: acts_on === "step" ? "step_length" : "gradient_norm" };
}

export function heightOf(catalogue, scene) {
  return scene.height === "auto" ? surfaceOf(catalogue, scene).height : scene.height;
}

export function diagonal([left, right, bottom, top]) {
  return Math.hypot(right - left, top - bottom);
}

/** A member of a family with its default parameters. */
export function fresh(catalogue, family, kind) {
  const { parameters } = entryOf(catalogue, family, kind);
  return { kind, ...Object.fromEntries(parameters.map((p) => [p.name, p.default])) };
}

/** The sweep that nobody chose: learning rate and threshold, around their accustomed values. */
export const NO_SWEEP = { sweep: null, sweep_ranges: null, sweep_scales: null };

/** Another kind of a family; parameters of the same name keep their values where they fit. */
export function switched(catalogue, scene, family, kind) {
  const next = fresh(catalogue, family, kind);
  for (const parameter of entryOf(catalogue, family, kind).parameters) {
    const old = scene[family][parameter.name];
    if (old !== undefined && !complaint(parameter, parameter.name, String(old))) next[parameter.name] = old;
  }
  // Another plane has other coordinates: a window and a start of the old one are nowhere on it.
  const place = family === "slice" ? { window: null, start: null } : {};
  // An axis that the new kind has no parameter for is none.
  const lost = (scene.sweep ?? []).some((name) => name.startsWith(`${family}.`) && !(name.split(".")[1] in next));
  return { ...scene, ...place, ...(lost ? NO_SWEEP : {}), [family]: next };
}

/** A landscape's preset as a Scene; what shows (runs, colours) stays as it is. */
export function presetScene(catalogue, scene, kind, preset) {
  const own = Object.fromEntries([...NET_FAMILIES, "schedule"].map((family) => [family, catalogue.scene[family]]));
  let next = {
    ...scene,
    ...own,
    ...NO_SWEEP,
    landscape: fresh(catalogue, "landscape", kind),
    window: null,
    start: null,
    height: "auto",
  };
  const choices = Object.entries(preset?.choices ?? {});
  for (const [key, value] of choices) if (FAMILIES.includes(key)) next[key] = fresh(catalogue, key, value);
  for (const [key, value] of choices) {
    const [family, name] = key.split(".");
    if (name) next = { ...next, [family]: { ...next[family], [name]: value } };
    else if (!FAMILIES.includes(key)) next[key] = value;
  }
  return next;
}

/** What is the Scene's own, in the order in which links name it. */
const OWN = ["window", "start", "steps", "updates", "seeds", "runs", "colour", "height", "path"];
OWN.push("map", "sweep", "sweep_ranges", "sweep_scales", "cloud", "cloud_seed");

export function toQuery(catalogue, scene) {
  const query = new URLSearchParams();
  const write = (key, value) => query.set(key, Array.isArray(value) ? value.join(",") : String(value));
  for (const family of FAMILIES) {
    const chosen = scene[family];
    if (chosen.kind !== catalogue.scene[family].kind) write(family, chosen.kind);
    const defaults = fresh(catalogue, family, chosen.kind);
    for (const name of Object.keys(defaults)) {
      if (chosen[name] !== defaults[name]) write(`${family}.${name}`, chosen[name]);
    }
  }
  for (const name of OWN) {
    const value = scene[name];
    const usual = name === "start" && String(value) === String(surfaceOf(catalogue, scene).start);
    if (value !== null && value !== catalogue.scene[name] && !usual) write(name, value);
  }
  return query.toString().replaceAll("%2C", ",");
}

/** Parts of a Scene as text, in whatever order its fields have come: from the server, or from a control. */
export function signatureOf(scene, names) {
  return JSON.stringify(names.map((name) => (scene[name]?.kind ? Object.entries(scene[name]).sort() : scene[name])));
}

/** What a net's slice depends on. */
export function sliceSignature(scene) {
  return signatureOf(scene, ["landscape", ...NET_FAMILIES]);
}

/** What both runs' descent from the server depends on. */
export function pairSignature(catalogue, scene) {
  const walk = signatureOf(scene, ["optimizer", "schedule", "clip", "steps"]);
  return JSON.stringify([sliceSignature(scene), startOf(catalogue, scene), walk]);
}

/** What a study depends on. */
export function studySignature(catalogue, scene) {
  return JSON.stringify([signatureOf(scene, ["landscape"]), startOf(catalogue, scene)]);
}

/** However the examples share minibatches, their mean is the same. */
function withoutMinibatches(scene) {
  return { ...scene, landscape: { ...scene.landscape, minibatch_size: null } };
}

/** What the surface depends on. */
export function surfaceSignature(catalogue, scene) {
  if (onServer(catalogue, scene)) {
    const steep = scene.colour === "gradient_norm";
    return JSON.stringify([sliceSignature(scene), windowOf(catalogue, scene), steep]);
  }
  const seen = signatureOf(withoutMinibatches(scene), ["landscape"]);
  return JSON.stringify([seen, windowOf(catalogue, scene), heightOf(catalogue, scene)]);
}

/** What the curvature's kernel depends on: the landscape's kind and the parameters that shape it. */
export function curvatureSignature(catalogue, scene) {
  const { parameters } = surfaceOf(catalogue, scene);
  return JSON.stringify([
    scene.landscape.kind,
    parameters.filter((p) => p.structural).map((p) => scene.landscape[p.name]),
  ]);
}

/** What the bias over minibatch size depends on: of a kernel the kinds, else the place too; empty without examples. */
export function biasSignature(catalogue, scene) {
  const { examples, no_kernel } = surfaceOf(catalogue, scene);
  if (!examples) return "";
  if (!no_kernel) return JSON.stringify([scene.landscape.kind, scene.clip.kind]);
  return JSON.stringify([signatureOf(withoutMinibatches(scene), ["landscape", "clip"]), startOf(catalogue, scene)]);
}

/** What the kernels depend on: kinds, and the parameters that shape the computation. */
export function kernelSignature(catalogue, scene) {
  if (noKernel(catalogue, scene)) return "outcome";
  const kinds = [scene.optimizer, scene.schedule, scene.clip].map(({ kind }) => kind);
  const { parameters } = entryOf(catalogue, "optimizer", scene.optimizer.kind);
  const settings = parameters.filter((p) => p.structural).map((p) => scene.optimizer[p.name]);
  return JSON.stringify([curvatureSignature(catalogue, scene), ...kinds, ...settings]);
}

function complaintOfText({ low, high }, field, text) {
  if (text.length < low) return `${field} must be at least ${low} characters long, got ${text.length || "none"}`;
  return text.length > high ? `${field} must be at most ${high} characters long, got ${text.length}` : "";
}

/** The runs on the page, in the order they are drawn. */
export function runsOf(scene) {
  return scene.runs === "both" ? ["without", "with"] : [scene.runs];
}

/** A number held to a parameter's bounds and type. */
export function held(parameter, value) {
  const inside = Math.min(Math.max(value, parameter.low), parameter.high);
  return parameter.type === "int" ? Math.round(inside) : inside;
}

/** Why a typed value cannot be used, as a sentence; empty when it can. */
export function complaint(parameter, field, text) {
  if (parameter.type === "str") return complaintOfText(parameter, field, text);
  const value = Number(text);
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) || !Number.isFinite(value))
    return `${field} must be a number, got ${text.trim() || "nothing"}`;
  if (parameter.type === "int" && !Number.isInteger(value)) return `${field} must be a whole number, got ${text}`;
  if (value < parameter.low) return `${field} must be at least ${parameter.low}, got ${text}`;
  if (value > parameter.high) return `${field} must be at most ${parameter.high}, got ${text}`;
  return "";
}
