"""Studies: what else there is to see of some landscapes, beneath the descent; for those who open it."""

from collections.abc import Callable, Mapping
from typing import Any

from cliffscape.app.compute.cache import Work
from cliffscape.app.frames.composition import composition_frame
from cliffscape.app.frames.vanishing import vanishing_frame
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.vanishing import CHAINS

# By the landscape's kind.
STUDIES: Mapping[str, str] = {**dict.fromkeys(CHAINS, "vanishing"), "repeated_composition": "composition"}
FRAMES: Mapping[str, Callable[[Scene, str], Work]] = {"vanishing": vanishing_frame, "composition": composition_frame}


def depends_on(scene: Scene) -> tuple[Any, ...]:
    """What the Scene's study depends on."""
    landscape = scene.landscape.model_dump()
    return (landscape, scene.resolved_start) if STUDIES[scene.landscape.kind] == "vanishing" else (landscape,)


def study_frame(scene: Scene, key: str) -> Work:
    """The Scene's study; its field ``study`` says which."""
    return (yield from FRAMES[STUDIES[scene.landscape.kind]](scene, key))
