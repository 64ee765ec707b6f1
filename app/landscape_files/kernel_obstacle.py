"""Why a landscape of the user's own has no kernel: the operation, and the line in which it is used."""

from cliffscape.app.landscape_files.landscape_file import LandscapeFile
from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.loss import Landscape
from cliffscape.landscapes.tracing.trace import UntraceableError


def kernel_obstacle(file: LandscapeFile, entry: Landscape) -> str:
    """Why the loss cannot be traced; empty if it can, or if its declaration says already that it has no kernel.

    PyTorch computes the descents of a landscape without a kernel, on the server.
    """
    if entry.no_kernel:
        return entry.no_kernel
    try:
        descent_kernel(entry.kind, {}, "gradient_descent", "by_norm")
    except UntraceableError as error:
        # The rest of the message is for those who edit the tables of operations.
        return f"{str(error).partition(';')[0]} ({place(file, entry, error)})."
    except Exception as error:
        return f"Tracing the loss fails with {type(error).__name__} ({place(file, entry, error)})."
    return ""


def place(file: LandscapeFile, entry: Landscape, error: Exception) -> str:
    """The file and the line of an error; backward operations have only the line of the function."""
    line = file.line_of(error) or file.line_of_function(entry.function)
    return f"{file.path.name}, line {line}"
