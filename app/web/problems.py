"""Problems: errors as RFC 9457 problem details, naming the field, the value and the bound."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cliffscape.app.scene.validation import Violation, from_bound_error, shorten, violations
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_error import ModelError

# The most errors that a response lists.
MOST = 20
# For a Scene whose fields are all within their bounds, but whose computation fails on their combination.
IMPOSSIBLE = "The Scene cannot be computed"
# For an exception in the user's own model or loss.
MODEL_ERROR = "Your model raised an error"
logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An error that is reported to the client."""

    status: int
    title: str
    detail: str
    errors: tuple[Violation, ...] = ()
    headers: Mapping[str, str] | None = None

    def response(self) -> Response:
        """The HTTP response of the problem."""
        errors = [{**vars(error), "field": shorten(error.field)} for error in self.errors[:MOST]]
        body = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        text = json.dumps({**body, "errors": errors}, ensure_ascii=False, allow_nan=False)
        headers = {"Cache-Control": "no-store", **(self.headers or {})}
        # A client's text may contain surrogates, which UTF-8 cannot encode.
        return Response(text.encode("utf-8", "replace"), self.status, headers, "application/problem+json")


def log_model_error(error: ModelError) -> None:
    """Show the traceback of the user's own code on the command line."""
    logger.error("%s", error, exc_info=error.__cause__)


def status_problem(error: HTTPException) -> Problem:
    """The problem of a status code such as 404 or 405."""
    known = HTTPStatus(error.status_code)
    return Problem(known, known.phrase, f"{known.description or known.phrase}.", headers=error.headers)


def bound_problem(error: BoundError) -> Problem:
    """The problem of a Scene whose computation found a value out of bounds."""
    return Problem(422, IMPOSSIBLE, str(error), (from_bound_error(error),))


def validation_problem(error: ValidationError, model: type[BaseModel]) -> Problem:
    """The problem of a request that is not a ``model``: no JSON, an unknown name or a value out of bounds."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return Problem(400, "The body is not JSON", shorten(str(first.get("ctx", {}).get("error", "")), 200))
    found = violations(error, model)
    return Problem(422, "The request does not describe a Scene", found[0].message, tuple(found))
