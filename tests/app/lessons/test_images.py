"""Images of lessons: files in the lesson's folder, and no others."""

from pathlib import Path

import pytest

from cliffscape.app.lessons.images import LARGEST_IMAGE, TYPES, find_image
from cliffscape.landscapes.bound_error import BoundError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lesson's folder with a picture, next to a file that must stay private."""
    (tmp_path / "secret.png").write_bytes(b"secret")
    lessons = tmp_path / "lessons"
    (lessons / "plots").mkdir(parents=True)
    (lessons / "a plot.png").write_bytes(b"1")
    (lessons / "plots" / "b.SVG").write_bytes(b"<svg/>")
    (lessons / "link.png").symlink_to(tmp_path / "secret.png")
    (lessons / "notes.txt").write_text("x", encoding="utf-8")
    (lessons / "folder.png").mkdir()
    return lessons


@pytest.mark.parametrize("source", ["a%20plot.png", "./a%20plot.png", "plots/../a%20plot.png"])
def test_an_image_is_found_by_its_relative_path(folder: Path, source: str) -> None:
    found = find_image(source, folder)
    assert (found.read(), found.type) == (b"1", "image/png")
    assert found.address.startswith("lesson-images/")


def test_an_image_may_be_in_a_folder_of_the_folder(folder: Path) -> None:
    assert find_image("plots/b.SVG", folder).type == "image/svg+xml"


@pytest.mark.parametrize(
    "source",
    [
        *("../secret.png", "%2e%2e/secret.png", "plots/../../secret.png", "link.png", "folder.png", "nowhere.png"),
        *("/etc/passwd", "//example.org/x.png", "https://example.org/x.png", "file:a.png", "data:image/png,x"),
        *("..%5Csecret.png", "%00.png", "C:/x.png", "x" * 5000 + ".png"),
    ],
)
def test_a_file_outside_of_the_folder_is_no_image(folder: Path, source: str) -> None:
    with pytest.raises(BoundError, match=r"^image must be a file in the lesson's folder"):
        find_image(source, folder)


@pytest.mark.parametrize("source", ["notes.txt", "own.md", "a.html", "a.js", ""])
def test_other_types_are_refused(folder: Path, source: str) -> None:
    with pytest.raises(BoundError, match=r"image must be a file that ends in \.png, "):
        find_image(source, folder)


def test_a_large_image_is_refused(folder: Path) -> None:
    with (folder / "large.png").open("wb") as file:
        file.truncate(LARGEST_IMAGE + 1)
    said = f"at most {LARGEST_IMAGE} bytes large, got {LARGEST_IMAGE + 1} in 'large.png'"
    with pytest.raises(BoundError, match=said):
        find_image("large.png", folder)


def test_a_changed_image_has_another_address(folder: Path) -> None:
    before = find_image("a%20plot.png", folder)
    (folder / "a plot.png").write_bytes(b"2")
    assert before.read() is None
    assert find_image("a%20plot.png", folder).address != before.address
    (folder / "a plot.png").unlink()
    assert before.read() is None


def test_no_type_is_one_that_a_browser_runs() -> None:
    assert all(media_type.startswith("image/") for media_type in TYPES.values())
