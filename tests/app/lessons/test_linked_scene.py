"""Linked Scene: links, lessons, and every sentence about what is wrong."""

from functools import partial
from pathlib import Path

import pytest

from cliffscape.app.lessons.collection import LessonCollection
from cliffscape.app.linked_scene import LinkError, linked_scene
from cliffscape.app.scene.schema import DEFAULT
from cliffscape.app.settings import Settings
from tests.app.lessons.test_lesson import GOOD


@pytest.fixture
def lessons(tmp_path: Path) -> partial[LessonCollection]:
    """A collection with a lesson and one that has a fault."""
    (tmp_path / "good.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.md").write_text("no front matter", encoding="utf-8")
    return partial(LessonCollection, Settings(lessons_folder=tmp_path))


def test_an_empty_link_is_the_opening_page(lessons: partial[LessonCollection]) -> None:
    assert linked_scene({}, lessons) == DEFAULT


def test_a_lesson_alone_is_its_scene_and_an_experiment_comes_first(lessons: partial[LessonCollection]) -> None:
    lesson = lessons().find("good")
    assert lesson is not None
    assert linked_scene({"lesson": "good"}, lessons) == lesson.scene
    assert linked_scene({"lesson": "good", "landscape": "ravine"}, lessons).landscape.kind == "ravine"


def test_everything_that_is_wrong_has_a_sentence(lessons: partial[LessonCollection]) -> None:
    with pytest.raises(LinkError) as caught:
        linked_scene({"steps": "0", "clip": "guess"}, lessons)
    assert [sentence.split()[0] for sentence in caught.value.sentences] == ["clip", "steps"]
    assert str(caught.value) == "\n".join(caught.value.sentences)


def test_a_lesson_that_does_not_exist_and_one_with_faults_are_named(lessons: partial[LessonCollection]) -> None:
    with pytest.raises(LinkError, match=r"lesson must be the name of one of the lessons here, got 'missing'$"):
        linked_scene({"lesson": "missing"}, lessons)
    with pytest.raises(LinkError, match=r"got 'bad'\n.*bad\.md:1: "):
        linked_scene({"lesson": "bad"}, lessons)
