"""Images of lessons: files in the lesson's folder, served under the hash of their content."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from cliffscape.app.scene.validation import format_value
from cliffscape.landscapes.bound_error import BoundError

# By suffix, the media type. Browsers run no scripts in an image, not even in SVG.
TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
LARGEST_IMAGE = 8 << 20


@dataclass(frozen=True)
class LessonImage:
    """An image's file, and its name in addresses, which changes with its content."""

    path: Path
    name: str

    @property
    def type(self) -> str:
        """The media type."""
        return TYPES[self.path.suffix.lower()]

    @property
    def address(self) -> str:
        """Where the server has it."""
        return f"lesson-images/{self.name}"

    def read(self) -> bytes | None:
        """The content, or None if the file has changed since the lesson was read."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return None
        return content if name_of(content, self.path) == self.name else None


def name_of(content: bytes, path: Path) -> str:
    """A name made from an image's content and suffix."""
    return hashlib.sha256(content).hexdigest()[:24] + path.suffix.lower()


def find_image(source: str, folder: Path | None) -> LessonImage:
    """The image that a lesson in ``folder`` calls ``source``.

    Raises:
        BoundError: it is not a file in this folder, or not of a known type, or too large.
    """
    place = "a file in the lesson's folder"
    name, value = unquote(source), format_value(source)
    if folder is None or ":" in name or "\\" in name or "\0" in name or name.startswith("/"):
        raise BoundError("image", value, place)
    # A link in the folder may lead out of it.
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise BoundError("image", value, place)
    if path.suffix.lower() not in TYPES:
        raise BoundError("image", value, f"a file that ends in {', '.join(TYPES)}")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BoundError("image", value, place)
        if size > LARGEST_IMAGE:
            raise BoundError("image", f"{size} in {value}", f"at most {LARGEST_IMAGE} bytes large")
        return LessonImage(path, name_of(path.read_bytes(), path))
    except OSError as error:
        raise BoundError("image", value, f"{place} ({error.strerror})") from None
