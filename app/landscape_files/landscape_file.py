"""A file of landscapes: its content, and the sentence about an error in it, with file and line."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cliffscape.app.signals import exit_in_peace
from cliffscape.landscapes.bound_error import BoundError


class LandscapeFileError(Exception):
    """What is wrong with a file of landscapes, as one sentence that names the file, but not its folder.

    ``trace`` is the traceback with the frames of the file alone, and empty if the file's own code raised nothing.
    """

    def __init__(self, sentence: str, trace: str = "") -> None:
        super().__init__(sentence)
        self.trace = trace


@dataclass(frozen=True)
class LandscapeFile:
    """The path of a file, and the content that was loaded."""

    path: Path
    content: bytes

    @classmethod
    def read(cls, path: Path) -> "LandscapeFile":
        """Read a file.

        Raises:
            LandscapeFileError: it cannot be read.
        """
        try:
            return cls(path, path.read_bytes())
        except OSError as error:
            raise LandscapeFileError(f"cannot read {path.name}: {error.strerror}") from None

    @contextmanager
    def faults(self, line: int = 0) -> Iterator[None]:
        """Turn every error in the block into a LandscapeFileError; ``line`` is used if no frame is in the file."""
        try:
            yield
        except LandscapeFileError:
            raise
        except (Exception, SystemExit) as error:
            if is_signal(error):
                raise
            trace = "" if isinstance(error, BoundError) else self.trace(error)
            raise LandscapeFileError(self.sentence(self.line_of(error) or line, error), trace) from error

    def sentence(self, line: int, error: BaseException) -> str:
        """The sentence about an error in a line."""
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        # The page shows the sentence, and others may see the page.
        words = " ".join(text.split()).replace(f"{self.path.resolve().parent}/", "")
        # A BoundError is a whole sentence.
        kind = "" if isinstance(error, BoundError) else type(error).__name__
        place = f"{self.path.name}, line {line}" if line else self.path.name
        return ": ".join(filter(None, (place, kind, words)))

    def line_of(self, error: BaseException) -> int:
        """The line of the file in which an error arose; 0 if it arose elsewhere."""
        if isinstance(error, SyntaxError) and error.filename == str(self.path):
            return error.lineno or 1
        frames = traceback.extract_tb(error.__traceback__)
        return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == str(self.path)), 0)

    def line_of_function(self, function: Callable[..., Any]) -> int:
        """The line in which a function, or its first decorator, begins; 0 if it is in another file."""
        code = getattr(function, "__code__", None)
        return code.co_firstlineno if code is not None and code.co_filename == str(self.path) else 0

    def trace(self, error: BaseException) -> str:
        """The traceback of an error with the frames of this file alone."""
        shown = traceback.TracebackException.from_exception(error)
        part: traceback.TracebackException | None = shown
        while part is not None:
            frames = [frame for frame in part.stack if frame.filename == str(self.path)]
            part.stack = traceback.StackSummary.from_list(frames)
            part = part.__cause__ or (None if part.__suppress_context__ else part.__context__)
        return "".join(shown.format()) if shown.stack or isinstance(error, SyntaxError) else ""


def is_signal(error: BaseException) -> bool:
    """Whether the handler of a signal raised the error, and not the code of a file."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and last.tb_frame.f_code is exit_in_peace.__code__
