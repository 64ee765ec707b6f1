"""An exported file: its name and content, computed at once, for the command line."""

from typing import NamedTuple

from cliffscape.app.exports import run_files, training_loop
from cliffscape.app.exports.file_name import file_name
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import run_to_end


class ExportedFile(NamedTuple):
    """A file that is not written yet."""

    name: str
    content: bytes


def exported_file(scene: Scene, extension: str) -> ExportedFile:
    """A Scene as the file with this extension.

    Raises:
        BoundError: the Scene has no such file.
    """
    if extension == "md":
        name = run_to_end(run_files.compute_file_name(scene, extension, training_loop.part(scene)))
        return ExportedFile(name, training_loop.training_loop(scene).encode())
    run_files.check_exportable(scene, extension)
    found = run_to_end(run_files.compute_descents(scene))
    name = file_name(scene, run_files.outcome_of(found), extension)
    return ExportedFile(name, run_files.CONTENTS[extension](scene, found))
