"""Checks, before anything is drawn, that the loss of a slice is the user's own loss of the model."""

import warnings

import torch
from torch import Tensor

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.module_loss import ModuleLoss, same

# Largest relative difference between two evaluations on a GPU, in rounding errors of one operation.
GPU_ROUNDINGS = 32
LOSS = "the loss at the model's own parameters"


def check_origin(found: ModuleLoss) -> None:
    """Compare the model's loss with the second one, and with that of parameters that are passed to the model.

    Raises:
        BoundError: a loss differs from that of the model itself.
    """
    own = found.origin
    again = found.again
    # Some of PyTorch's kernels for a GPU add in any order, such as that of the cross entropy of a text.
    tolerance = GPU_ROUNDINGS * found.parameters.precision if found.parameters.gpus else 0.0
    if not same(own, again, tolerance):
        because = "Random numbers that are not PyTorch's, a state outside the buffers or new data can change it"
        bound = f"{float(own)!r} again when it is computed a second time ({because})"
        raise BoundError(LOSS, repr(float(again)), bound)
    passed = found.at(found.parameters.theta)
    if not same(own, passed, tolerance):
        bound = f"{float(own)!r} when torch.func.functional_call computes it (does the loss use the model it is given?)"
        raise BoundError(LOSS, repr(float(passed)), bound)


def check_dependence(found: ModuleLoss) -> None:
    """Check that the loss uses the model that it is given, and not another one of the user's program.

    Raises:
        BoundError: the loss is the same with parameters that are NaN.
    """
    try:
        moved = found.at(torch.full_like(found.parameters.theta, torch.nan))
    except Exception:
        # Code that refuses NaN has seen the parameters.
        return
    if not bool(found.origin.isnan()) and same(found.origin, moved):
        bound = "a function of the model that it is given"
        raise BoundError("loss(model, batch)", "the same loss with other parameters", bound)


def check_gradient(found: ModuleLoss) -> None:
    """Look at the graph of the loss of the first batch. Warn if there is none: only descents need a gradient.

    Raises:
        BoundError: gradients would be wrong without an error, since parts of the graph are not reached.
    """
    leaf = found.parameters.theta.clone().requires_grad_()
    try:
        with torch.enable_grad():
            operations = found.functional(found.parameters.unpack(leaf), 0, names_of_operations)
    except Exception as error:
        reason = f"computing it for a gradient raises {type(error).__name__}: {error}"
    else:
        if "CheckpointFunctionBackward" in operations:
            raise BoundError("the checkpoints of the model", "use_reentrant=True", "called with use_reentrant=False")
        reason = "" if operations else "it is detached, or not computed by PyTorch's differentiable operations"
    if reason:
        words = f"loss(model, batch) has no gradient ({reason}). The surface is drawn, but no descent on it moves."
        warnings.warn(words, stacklevel=3)


def names_of_operations(loss: Tensor) -> set[str]:
    """The names of all operations in the graph of a loss."""
    found, waiting = set(), [loss.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in found:
            found.add(node)
            waiting += [before for before, _ in node.next_functions]
    return {node.name() for node in found}
