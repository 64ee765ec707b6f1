"""The update of a clip as a JavaScript module, traced from PyTorch, for gradients of one component."""

from functools import lru_cache

import torch

from cliffscape.landscapes.backends.javascript import block, function_module
from cliffscape.landscapes.backends.kernels import header
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.tracing.arguments import Arguments
from cliffscape.landscapes.tracing.program import Program


@lru_cache(maxsize=4)
def clip_update(kind: str) -> str:
    """The source of a module that exports ``update(parameters, gradient, ...state)``, ``parameters`` and ``state``.

    ``update`` returns the clipped gradient and the next state. ``state`` is the one before the first gradient.
    """
    entry, arguments = CLIPS[kind], Arguments(Program())
    clip = entry.build(arguments.of("clip", entry, {}))
    theta = torch.zeros(1, dtype=torch.float64)
    initial = clip.init(theta)
    names = [f"state{k}" for k in range(len(initial))]

    def update(gradient: torch.Tensor, **state: torch.Tensor) -> list[torch.Tensor]:
        clipped, after = clip.update(gradient, tuple(state.values()), theta)
        return [clipped, *after]

    inputs = {"gradient": torch.ones(1, dtype=torch.float64), **dict(zip(names, initial, strict=True))}
    scalars = arguments.trace(update, inputs)
    outputs = dict(zip(["clipped", *(f"next_{name}" for name in names)], scalars, strict=True))
    found = block(arguments.program, outputs, carried=[*inputs])
    lines = function_module(arguments.names, {"update": (found, [*inputs])})
    start = ", ".join(repr(float(one)) for one in initial)
    return "\n".join([*header(f"update of the clip {kind}", {}), *lines, f"export const state = [{start}];", ""])
