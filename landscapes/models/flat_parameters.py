"""The parameters of a module as one flat theta in float64, and back in their own shapes, types and devices."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.layout import Layout


class FlatParameters:
    """The floating-point parameters of a module, each once, even if several layers share it.

    Raises:
        BoundError: a parameter is complex or not initialised, or there is none.
    """

    def __init__(self, module: nn.Module) -> None:
        self.tensors = {name: tensor for name, tensor in module.named_parameters() if is_moved(name, tensor)}
        if not self.tensors:
            raise BoundError("model", type(module).__name__, "a module with floating-point parameters")
        first = {id(tensor): name for name, tensor in self.tensors.items()}
        every = module.named_parameters(remove_duplicate=False)
        self.first_names = {name: first[id(tensor)] for name, tensor in every if id(tensor) in first}
        # A scalar is a vector of one entry, so that its coordinate has an index.
        self.layout = Layout({name: tuple(tensor.shape) or (1,) for name, tensor in self.tensors.items()})
        devices = {tensor.device for tensor in self.tensors.values()}
        self.device = devices.pop() if len(devices) == 1 else torch.device("cpu")
        own = [tensor.detach().flatten().to(self.device, torch.float64) for tensor in self.tensors.values()]
        self.theta = torch.cat(own)
        # Whose tensors the parameters are views of.
        self.attached: object = None

    def groups(self) -> list[tuple[str, ...]]:
        """The names of the parameters of each type and device."""
        found: dict[tuple[torch.dtype, torch.device], list[str]] = {}
        for name, tensor in self.tensors.items():
            found.setdefault((tensor.dtype, tensor.device), []).append(name)
        return [tuple(names) for names in found.values()]

    def own_coordinate(self, coordinate: str) -> str:
        """A coordinate under the first name of its parameter, which several layers may share."""
        name, bracket, places = coordinate.partition("[")
        return f"{self.first_names.get(name.strip(), name)}{bracket}{places}"

    def unpack(self, theta: Tensor) -> Mapping[str, Tensor]:
        """Tensors ``(..., *shape)`` by name from theta ``(..., D)``, in their own types and on their own devices."""
        lead, found = theta.shape[:-1], {}
        for name, part in self.layout.unpack(theta).items():
            own = self.tensors[name]
            found[name] = part.reshape((*lead, *own.shape)).to(own.device, own.dtype)
        return found

    @property
    def precision(self) -> float:
        """The largest rounding error of one operation among the types of the parameters."""
        return max(torch.finfo(tensor.dtype).eps for tensor in self.tensors.values())

    @property
    def gpus(self) -> list[torch.device]:
        """The GPUs that hold parameters."""
        return list({tensor.device for tensor in self.tensors.values() if tensor.is_cuda})


def check_module(model: object) -> None:
    """Check that the user's model is a module.

    Raises:
        BoundError: it is not.
    """
    if not isinstance(model, nn.Module):
        raise BoundError("model", type(model).__name__, "a torch.nn.Module")


def is_moved(name: str, tensor: Tensor) -> bool:
    """Whether a parameter is part of theta: integers and empty tensors are not.

    Raises:
        BoundError: it has complex numbers, or no values yet.
    """
    if is_lazy(tensor):
        bound = "initialised: call the model once before, so that its lazy layers know their sizes"
        raise BoundError(f"the parameter {name} of the model", "a lazy parameter", bound)
    if tensor.is_complex():
        raise BoundError(f"the parameter {name} of the model", str(tensor.dtype), "real")
    return tensor.is_floating_point() and tensor.numel() > 0
