"""Problems: responses in the format of RFC 9457."""

import json
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from cliffscape.app.scene.validation import Violation
from cliffscape.app.web.problems import MOST, Problem, status_problem


def body(problem: Problem) -> dict[str, Any]:
    """The response's JSON."""
    content: dict[str, Any] = json.loads(bytes(problem.response().body))
    return content


def test_members() -> None:
    violation = Violation("steps", "0", "at least 1", "steps must be at least 1, got 0")
    problem = Problem(422, "No Scene", "steps must be at least 1, got 0", (violation,))
    assert body(problem) == {
        "type": "about:blank",
        "title": "No Scene",
        "status": 422,
        "detail": "steps must be at least 1, got 0",
        "errors": [
            {"field": "steps", "value": "0", "bound": "at least 1", "message": "steps must be at least 1, got 0"}
        ],
    }
    response = problem.response()
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"


def test_long_names_and_many_errors_are_shortened() -> None:
    errors = tuple(Violation("x" * 1000, "1", "known", "x is not known") for _ in range(100))
    found = body(Problem(422, "t", "d", errors))["errors"]
    assert len(found) == MOST
    assert len(found[0]["field"]) == 80


@pytest.mark.parametrize(("status", "title"), [(404, "Not Found"), (405, "Method Not Allowed")])
def test_statuses_have_titles(status: int, title: str) -> None:
    problem = status_problem(HTTPException(status, headers={"Allow": "GET"}))
    assert body(problem)["title"] == title
    assert body(problem)["detail"].endswith(".")
    assert problem.response().headers["allow"] == "GET"
