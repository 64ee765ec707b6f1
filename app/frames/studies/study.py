"""The frame kind of studies: further figures of a landscape, sent when the reader opens their section."""

from collections.abc import Callable, Mapping

from cliffscape.app.compute.cache import Work
from cliffscape.app.compute.workspace import Workspace
from cliffscape.app.frames.kind import frame_kind
from cliffscape.app.frames.studies.composition import composition_frame
from cliffscape.app.frames.studies.vanishing import vanishing_frame
from cliffscape.app.scene.dependencies import Part, traits
from cliffscape.app.scene.schema import Scene

# The generator of each study that a landscape can declare.
FRAMES: Mapping[str, Callable[[Scene, str], Work]] = {"vanishing": vanishing_frame, "composition": composition_frame}


@frame_kind(
    "study",
    depends_on=("landscape", Part("start", when={"study": "vanishing"})),
    levels={None: 300},
    when={"study": True},
    on_request=True,
)
def study_frame(scene: Scene, _: None, key: str, workspace: Workspace) -> Work:
    """The Scene's study; its field ``study`` says which."""
    return (yield from FRAMES[str(traits(scene)["study"])](scene, key))
