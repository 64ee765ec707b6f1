// Family section: the controls of one family, such as the optimizer: a drop-down of kinds, the chosen kind's fields and
// its description. Its main field has a place elsewhere. The fields are rebuilt only when the kind changes, because a rebuilt field loses the focus.

import { catalogue } from "../../state/scene/catalogue.js";
import { entryOf, parametersOf } from "../../state/scene/lookup.js";
import { NO_SWEEP, withKind } from "../../state/scene/presets.js";
import { selectField } from "../elements/choice.js";
import { make } from "../elements/dom.js";
import { numberField } from "../elements/number_field.js";
import { textField } from "../elements/text_field.js";
import { formulaField } from "./formula_field.js";

/** Names and their descriptions, as a list of definitions. */
function definitionList(rows, className = "") {
  const pairs = Object.entries(rows).map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text)));
  return make("dl", { className }, ...pairs);
}

/** The drop-down of a family's kinds. */
function kindField(family, change) {
  const options = catalogue[family].map((entry) => [entry.kind, entry.label]);
  const field = selectField(family === "clip" ? "Rule" : "Kind", family, options, (kind) =>
    change((scene) => withKind(scene, family, kind), true),
  );
  // A page of its own has the kernels of one kind.
  field.element.querySelector("select").disabled = options.length < 2;
  // The page has many drop-downs called "Kind": a screen reader needs the family's name.
  if (family !== "clip") field.element.querySelector("select").ariaLabel = `Kind of ${family}`;
  return field;
}

/** Put elements into a place, which moves none of them if they are there: an element that moves loses the focus. */
function place(elements, area) {
  const there = elements.length === area.children.length && elements.every((one, k) => one === area.children[k]);
  if (!there) area.replaceChildren(...elements);
}

/** The drop-down of the views of the user's models. Another view has another window and another start. */
function viewField(parameter, field, change) {
  const options = parameter.choices.map((name) => [name, name]);
  const withView = (view) => (scene) => ({
    ...scene,
    ...NO_SWEEP,
    window: null,
    start: null,
    landscape: { ...scene.landscape, view },
  });
  return selectField(parameter.label, field, options, (view) => change(withView(view), true));
}

/** One field per parameter of a kind, by the parameter's name. */
function parameterFields(family, parameters, change, readFormula) {
  const entries = parameters.map((parameter) => {
    const { name } = parameter;
    if (parameter.choices) return [name, viewField(parameter, `${family}.${name}`, change)];
    if (family === "landscape" && parameter.type === "str")
      return [name, formulaField(parameter, `${family}.${name}`, { change, readFormula })];
    const field = parameter.type === "str" ? textField : numberField;
    const update = (value, done) =>
      change((scene) => ({ ...scene, [family]: { ...scene[family], [name]: value } }), done);
    return [name, field(parameter, `${family}.${name}`, update)];
  });
  return new Map(entries);
}

/** A kind's summary, which opens to its notes, and what it does in edge cases. */
function kindNotes(entry) {
  const more = make("details", {}, make("summary", {}, entry.summary), definitionList(entry.notes));
  if (!entry.edges) return [more];
  const title = make("summary", {}, "What it does with Inf, NaN and overflow");
  return [more, make("details", {}, title, definitionList(entry.edges, "edges"))];
}

/** Without a title the section has no heading. The fields for which `isMain(kind, parameter)` holds are in the slot. */
export function familySection(title, family, change, { slot, isMain, readFormula }) {
  const kinds = kindField(family, change);
  const area = make("div", { className: "fields" });
  const notes = make("div", { className: "notes", "data-part": "" });
  const parts = [title ? make("h3", {}, title) : null, kinds.element, area, notes];
  const element = make("section", { className: `family ${family}`, "data-part": family }, ...parts);
  let [kind, parameters] = [null, null];
  let fields = new Map();

  function rebuild(next) {
    const typed = fields.get("text");
    fields = parameterFields(family, parameters, change, readFormula);
    // Somebody types in this field. The other ones change with the formula.
    if (kind === next && typed) fields.set("text", typed);
    const main = parameters.filter((parameter) => isMain(next, parameter)).map(({ name }) => name);
    const elements = (wanted) =>
      [...fields].filter(([name]) => main.includes(name) === wanted).map(([, f]) => f.element);
    place(elements(false), area);
    place(elements(true), slot);
    if (kind !== next) notes.replaceChildren(...kindNotes(entryOf(family, next)));
    kind = next;
  }

  return {
    element,
    fields: () => fields,
    sync(scene) {
      const chosen = scene[family];
      const declared = parametersOf(scene, family);
      if (kind !== chosen.kind || parameters !== declared) {
        parameters = declared;
        rebuild(chosen.kind);
      }
      kinds.sync(kind);
      for (const [name, field] of fields) field.sync(chosen[name]);
    },
  };
}
