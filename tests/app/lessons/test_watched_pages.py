"""What pages of a server with a folder of lessons learn about its files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
from tests.app.lessons.test_lesson import GOOD
from tests.app.web.test_pages import opening


@pytest.fixture(scope="module")
def author(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a server with a good lesson and a broken one."""
    folder: Path = tmp_path_factory.mktemp("lessons")
    (folder / "own.md").write_text(GOOD, encoding="utf-8")
    (folder / "broken.md").write_text(GOOD.replace("[3]", "[99]"), encoding="utf-8")
    with TestClient(create_app(settings.model_copy(update={"lessons_folder": folder}))) as running:
        yield running


def test_a_link_to_a_broken_lesson_says_what_is_wrong_with_it(author: TestClient) -> None:
    data = opening(author.get("/?lesson=broken").text)
    assert data["lesson"] is None
    said = "lesson must be the name of one of the lessons here, got 'broken'"
    assert data["notice"] == [said, "broken.md:3: claims must be at most 17, got 99"]


def test_a_page_asks_for_changes_of_the_lessons(author: TestClient) -> None:
    data = opening(author.get("/?lesson=own").text)
    answer = author.get("/lessons.json?open=own")
    assert answer.json() == {**data["lessons"], "lesson": data["lesson"]}
    assert answer.headers["cache-control"] == "no-cache"
    assert author.get("/lessons.json?open=broken").json()["lesson"] is None
    same = author.get("/lessons.json", params={"known": data["lessons"]["stamp"]})
    assert (same.status_code, same.content) == (204, b"")
