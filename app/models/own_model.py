"""The model that the command line names: built, with its weights and data, and seen through a plane."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from torch import nn
from torch.utils.data import DataLoader

from cliffscape.app.models.model_file import name_in_file
from cliffscape.app.models.weights import load_weights
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_landscape import register_view
from cliffscape.landscapes.models.slice_model import slice_model


class OwnModel(NamedTuple):
    """The options of the command line, as text."""

    model: str
    weights: Path | None
    data: str | None
    loss: str | None


def register_model(own: OwnModel) -> str:
    """Build the model and make its plane along random directions a landscape. Returns its link.

    Raises:
        LandscapeFileError: the user's code raises an error.
        BoundError: an option is missing, or what it names cannot be used.
    """
    named = name_in_file("--model", own.model)
    folder, file = named.path.parent, named.file
    if own.data is None:
        raise BoundError("--data", "nothing", "the batches of the model, such as my_model.py:batch")
    data = name_in_file("--data", own.data, folder).find()
    # By default the loss has this name in the file of the model.
    loss = name_in_file("--loss", own.loss or f"{named.path}:loss", folder).find()
    found = named.find()
    with file.faults():
        model = found if isinstance(found, nn.Module) else found()
    if not isinstance(model, nn.Module):
        raise BoundError("--model", type(model).__name__, "a torch.nn.Module, or a function that returns one")
    if own.weights is not None:
        load_weights(model, own.weights)
    with file.faults():
        batches = batches_of(data() if callable(data) and not isinstance(data, DataLoader) else data)
        view = slice_model(model, loss, batches)
    return register_view(view, named.path.stem if named.path.stem.isidentifier() else "model")


def batches_of(data: Any) -> Iterable[Any]:
    """A list, an iterator or a data loader holds batches. Anything else, such as a pair of tensors, is one batch."""
    return data if isinstance(data, list | Iterator | DataLoader) else [data]
