"""Recipes of kernels: what a kernel was traced from, written into its URL.

The URL contains a hash of the source, and the recipe, so that any server can trace the kernel again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from cliffscape.app.scene.links import from_query, to_url_text
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.analysis.clipping_bias import bias_kernel
from cliffscape.landscapes.backends.curvature_kernel import curvature_kernel
from cliffscape.landscapes.backends.kernels import Kernel, descent_kernel
from cliffscape.landscapes.backends.outcome_kernel import outcome_kernel
from cliffscape.landscapes.backends.sweep_kernel import sweep_kernel
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.clips.family import CLIPS
from cliffscape.landscapes.descent.batch import SweepRecipe
from cliffscape.landscapes.loss import MINIBATCH
from cliffscape.landscapes.optimizers.family import OPTIMIZERS
from cliffscape.landscapes.tracing.arguments import CONSTANT

ProgramName = Literal["descent", "curvature", "outcome", "bias", "sweep"]
PROGRAMS: tuple[ProgramName, ...] = get_args(ProgramName)


@dataclass(frozen=True)
class Recipe:
    """What determines a kernel: the program, landscape, optimizer and clip, and the parameters that shape it.

    ``structural`` are the landscape's, ``settings`` the optimizer's and ``clip_settings`` the clip's.
    """

    program: ProgramName
    landscape: str = ""
    structural: tuple[tuple[str, float], ...] = ()
    optimizer: str = ""
    clip: str = ""
    schedule: str = ""
    settings: tuple[tuple[str, float], ...] = ()
    clip_settings: tuple[tuple[str, float], ...] = ()

    def trace(self) -> Kernel:
        """The kernel.

        Raises:
            UntraceableError: the landscape cannot be written as a scalar program.
        """
        if self.program == "outcome":
            return outcome_kernel()
        if self.program == "curvature":
            return curvature_kernel(self.landscape, dict(self.structural))
        if self.program == "bias":
            return bias_kernel(self.landscape, dict(self.structural), self.clip)
        if self.program == "sweep":
            return sweep_kernel(self.sweep_recipe())
        structural, settings, of_clip = dict(self.structural), dict(self.settings), dict(self.clip_settings)
        kinds = self.optimizer, self.clip, self.schedule or CONSTANT
        return descent_kernel(self.landscape, structural, *kinds, settings, of_clip)

    def sweep_recipe(self) -> SweepRecipe:
        """The recipe of the sweep that the kernel computes. Numeric parameters are arguments of the kernel."""
        fixed = {f"optimizer.{name}": value for name, value in self.settings}
        fixed |= {f"clip.{name}": value for name, value in self.clip_settings}
        kinds = self.landscape, self.optimizer, self.clip, self.schedule or CONSTANT
        return SweepRecipe(*kinds, dict(self.structural), fixed)

    def query(self) -> dict[str, str]:
        """The recipe as the query of a URL."""
        fields = {"program": self.program, "landscape": self.landscape}
        fields |= {f"landscape.{name}": to_url_text(value) for name, value in self.structural}
        fields["optimizer"] = self.optimizer
        fields |= {f"optimizer.{name}": to_url_text(value) for name, value in self.settings}
        fields |= {"clip": self.clip}
        fields |= {f"clip.{name}": to_url_text(value) for name, value in self.clip_settings}
        fields |= {"schedule": self.schedule}
        return {name: text for name, text in fields.items() if text}

    def url(self, kernel: Kernel) -> str:
        """Where ``kernel``, traced from this recipe, is served."""
        return f"kernels/{kernel.hash}.js?{urlencode(self.query())}"


def recipe(scene: Scene, program: ProgramName, clip: str | None = None) -> Recipe:
    """The recipe of one of the Scene's programs; ``clip`` replaces the Scene's own."""
    if program == "outcome":
        return Recipe(program)
    chosen = scene.parameters("landscape")
    structural = tuple((name, chosen[name]) for name in scene.surface.structural)
    if program == "curvature":
        return Recipe(program, scene.landscape.kind, structural)
    if program == "bias":
        # The kernel computes every minibatch size, so the chosen one does not shape it.
        any_size = tuple(one for one in structural if one[0] != MINIBATCH)
        return Recipe(program, scene.landscape.kind, any_size, clip=scene.clip.kind)
    # A constant schedule is a factor of 1, which is not traced.
    schedule = "" if scene.schedule.kind == CONSTANT else scene.schedule.kind
    method = scene.parameters("optimizer")
    settings = tuple((name, method[name]) for name in OPTIMIZERS[scene.optimizer.kind].structural)
    kind, rule = clip or scene.clip.kind, scene.parameters("clip")
    of_clip = tuple((name, rule[name]) for name in CLIPS[kind].structural)
    return Recipe(program, scene.landscape.kind, structural, scene.optimizer.kind, kind, schedule, settings, of_clip)


def read(query: Mapping[str, str]) -> Recipe:
    """The recipe in a URL's query, which must have exactly the form that ``query`` writes.

    With other spellings allowed, one kernel would be traced and cached several times.

    Raises:
        BoundError: it has another form, or names an unknown program.
        pydantic.ValidationError: its kinds or structural parameters are unknown or out of bounds.
    """
    rest = dict(query)
    name = rest.pop("program", "")
    program = next((known for known in PROGRAMS if known == name), None)
    if program is None:
        raise BoundError("program", repr(name[:80]), f"one of {', '.join(PROGRAMS)}")
    scene = from_query(rest)
    if scene.sliced:
        raise BoundError("landscape", scene.landscape.kind, "one that has kernels: the server computes networks")
    read_back = recipe(scene, program)
    if read_back.query() != dict(query):
        raise BoundError("recipe", urlencode(query)[:80], f"exactly {urlencode(read_back.query())}")
    return read_back
