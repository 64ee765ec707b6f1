"""Names of exported files: the landscape, the outcome, and what of the Scene the file shows."""

from cliffscape.app.scene.schema import Scene


def file_name(scene: Scene, outcome: str, extension: str, part: str = "") -> str:
    """A name such as ``one-unit-rnn-thrown-training-loop.md``; an empty outcome or part is left out.

    The page names its figures in the same way, in ``static/js/views/files/exported_picture.js``.
    """
    words = filter(None, (scene.landscape.kind, outcome, part))
    return "-".join(words).replace("_", "-") + f".{extension}"
