"""The error for a log that cannot be used: it names the file, the line if there is one, and what was expected."""


class LogError(ValueError):
    """A file that is no log with gradient norms. The message is one sentence."""

    def __init__(self, file: str, problem: str, line: int | None = None) -> None:
        place = file if line is None else f"{file}, line {line:,}"
        super().__init__(f"{place}: {problem}")
        self.file, self.problem, self.line = file, problem, line
