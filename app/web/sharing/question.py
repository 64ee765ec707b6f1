"""A teacher's question in a link: a prediction of the same kinds as in lessons, asked about the Scene of the link.

``ask`` is the kind, and ``ask.run``, ``ask.step``, ``ask.question``, ``ask.option`` and ``ask.answer`` are its fields,
as in the front matter of a lesson. The page treats it as a lesson without text.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from markupsafe import escape
from pydantic import ValidationError

from cliffscape.app.lessons.front_matter import PREDICTIONS, Choice, Mark
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import format_value, violation, violations
from cliffscape.landscapes.bound_error import BoundError

KEY = "ask"
BETWEEN = "|"  # between the options of a choice
LONGEST = 300  # characters of a question


def read_question(query: Mapping[str, str], scene: Scene, lesson: bool) -> tuple[dict[str, Any] | None, list[str]]:
    """The question of a link as a lesson's content for the page, and why it is left out: a sentence per field."""
    own = {key: text for key, text in query.items() if key.partition(".")[0] == KEY}
    if not own:
        return None, []
    sentences = problems_of(own, scene, lesson)
    if sentences:
        return None, sentences
    link = urlencode(own, safe=f"{BETWEEN},")
    digest = hashlib.sha256(f"{link} {scene.model_dump_json()}".encode()).hexdigest()
    return content(f"question-{digest[:12]}", link, parse_question(own, scene, lesson), scene), []


def problems_of(own: Mapping[str, str], scene: Scene, lesson: bool) -> list[str]:
    """Why the keys of a link are no question: a sentence per field."""
    try:
        parse_question(own, scene, lesson)
    except ValidationError as error:
        model = PREDICTIONS[own[KEY]]
        found = violations(error, model)
        bounds = [one.bound if one.field in model.model_fields else f"left out for {own[KEY]}" for one in found]
        said = zip(found, bounds, strict=True)
        return [violation(f"{KEY}.{one.field}", one.value, bound).message for one, bound in said]
    except BoundError as error:
        return [str(error)]
    return []


def parse_question(own: Mapping[str, str], scene: Scene, lesson: bool) -> Any:
    """The prediction of the keys of a link.

    Raises:
        ValidationError: a field is unknown, missing or out of bounds.
        BoundError: the kind is unknown, or the Scene does not have what the question is about.
    """
    kind = own.get(KEY, "")
    if kind not in PREDICTIONS:
        raise BoundError(KEY, format_value(kind) if KEY in own else "nothing", f"one of {', '.join(PREDICTIONS)}")
    if lesson:
        raise BoundError(KEY, format_value(kind), "in a link without a lesson, which has a question of its own")
    fields: dict[str, Any] = {key.partition(".")[2]: text for key, text in own.items() if key != KEY}
    if len(fields.get("question", "")) > LONGEST:
        bound = f"at most {LONGEST} characters long"
        raise BoundError(f"{KEY}.question", f"{len(fields['question'])} characters", bound)
    if "option" in fields:
        fields["option"] = [{"text": text.strip()} for text in fields["option"].split(BETWEEN)]
    prediction: Any = PREDICTIONS[kind].model_validate({"kind": kind, **fields})
    check_scene(prediction, scene)
    return prediction


def check_scene(prediction: Any, scene: Scene) -> None:
    """Check that the Scene shows the runs of a question, and takes its step.

    Raises:
        BoundError: it does not.
    """
    run = getattr(prediction, "run", "both" if prediction.kind == "lower" else scene.runs)
    if scene.runs not in ("both", run):
        field, value = (KEY, prediction.kind) if run == "both" else (f"{KEY}.run", run)
        raise BoundError(field, format_value(value), f"about runs that the page shows, here only {scene.runs}")
    if isinstance(prediction, Mark) and prediction.step >= scene.steps:
        raise BoundError(f"{KEY}.step", prediction.step, f"at most {scene.steps - 1} in a run of {scene.steps} steps")


def content(name: str, link: str, prediction: Any, scene: Scene) -> dict[str, Any]:
    """The question as a lesson for the page. Its texts are plain: a link may come from anybody."""
    fields = prediction.model_dump(mode="json", exclude={"quantity", "scene"})
    fields["question"] = escape(fields["question"])
    if isinstance(prediction, Choice):
        fields["option"] = [escape(option.text) for option in prediction.option]
    texts = dict.fromkeys(("part", "file", "body", "reveal", "check", "source"), "")
    about = {"name": name, "title": "A question", "asked": link, "claims": ()}
    return {**about, **texts, "prediction": fields, "scene": scene.model_dump(mode="json")}
