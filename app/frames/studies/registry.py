"""The registry of studies: a study is a decorated generator in a file of this folder."""

from collections.abc import Callable
from dataclasses import dataclass

from cliffscape.app.compute.cache import FrameGenerator
from cliffscape.app.scene.dependencies import Part
from cliffscape.app.scene.schema import Scene

Generator = Callable[[Scene, str], FrameGenerator]


@dataclass(frozen=True)
class Study:
    """A study that a landscape can declare, and the parts of a Scene that it depends on besides the landscape."""

    generate: Generator
    depends_on: tuple[Part, ...]


STUDIES: dict[str, Study] = {}


def study(name: str, depends_on: tuple[str, ...] = ()) -> Callable[[Generator], Generator]:
    """Register the generator of a study under the name that landscapes declare."""

    def register(generate: Generator) -> Generator:
        if name in STUDIES:
            raise ValueError(f"study {name} is declared twice")
        STUDIES[name] = Study(generate, tuple(map(Part, depends_on)))
        return generate

    return register
