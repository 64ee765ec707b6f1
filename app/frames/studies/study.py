"""The frame kind of studies: further figures of a landscape, sent when the reader opens their section."""

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames import studies
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.frames.studies.registry import STUDIES
from cliffscape.app.scene.dependencies import on_condition, traits
from cliffscape.app.scene.schema import Scene
from cliffscape.app.submodules import import_submodules

# Importing the files of this folder fills the registry.
import_submodules(studies)
OF_STUDIES = [part for name, one in STUDIES.items() for part in on_condition({"study": name}, one.depends_on)]


@frame_kind(
    "study",
    depends_on=("landscape", *OF_STUDIES),
    levels={None: 300},
    when={"study": True},
    on_request=True,
)
def study_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> FrameGenerator:
    """The Scene's study; its field ``study`` says which."""
    return (yield from STUDIES[str(traits(scene)["study"])].generate(scene, key))
