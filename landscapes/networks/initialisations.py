"""Initial weights: functions that return a rule from shapes and keys to tensors, one draw per lane.

The recurrent matrix is drawn gate by gate, since each gate multiplies the same state. Biases start at 0 unless a rule
says otherwise. The cell then adds its own initial bias, for instance that of an LSTM's forget gate.
"""

import math
from collections.abc import Callable, Mapping
from typing import Annotated

import torch
from torch import Tensor

from cliffscape.landscapes.declare import Entry, Family, Range
from cliffscape.landscapes.networks import counter_rng
from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.layout import Shape

Initialisation = Callable[[Cell, Mapping[str, Shape], Tensor], dict[str, Tensor]]
Square = Callable[[Tensor, int], Tensor]
Std = Annotated[float, Range(1e-4, 1, log=True, symbol="σ")]

INITIALISATIONS: Family[Entry] = Family("initialisation")


initialisation = INITIALISATIONS.register


def gaussian(keys: Tensor, shape: Shape) -> Tensor:
    """Standard normal numbers ``(..., *shape)``."""
    return torch.unflatten(counter_rng.normal(keys, math.prod(shape)), -1, shape)


def gaussian_rule(square: Square, input_std: float, output_std: float) -> Initialisation:
    """Gaussian weights from the inputs and to the outputs, zero biases, ``square(keys, H)`` for each gate."""

    def rule(cell: Cell, shapes: Mapping[str, Shape], keys: Tensor) -> dict[str, Tensor]:
        gates = counter_rng.child(counter_rng.child(keys, 1).unsqueeze(-1), torch.arange(cell.gates))
        drawn = {
            "weight_ih": input_std * gaussian(counter_rng.child(keys, 0), shapes["weight_ih"]),
            "weight_hh": square(gates, cell.hidden_units).flatten(-3, -2),
            "weight_out": output_std * gaussian(counter_rng.child(keys, 2), shapes["weight_out"]),
        }
        zeros = {name: torch.zeros(*keys.shape, *shape, dtype=torch.float64) for name, shape in shapes.items()}
        return {**zeros, **drawn}

    return rule


@initialisation("Framework default")
def framework_default() -> Initialisation:
    """Uniform weights and biases: the default of PyTorch.

    Formula: W, U ~ U(−1/√H, 1/√H), and b is the sum of two such biases
    Reference: torch.nn.RNN, torch.nn.Linear
    """

    def rule(cell: Cell, shapes: Mapping[str, Shape], keys: Tensor) -> dict[str, Tensor]:
        bound = cell.hidden_units**-0.5

        def draw(label: int, shape: Shape) -> Tensor:
            drawn = 2 * counter_rng.uniform(counter_rng.child(keys, label), math.prod(shape)) - 1
            return torch.unflatten(bound * drawn, -1, shape)

        drawn = {name: draw(label, shape) for label, (name, shape) in enumerate(shapes.items())}
        second = draw(len(shapes), shapes["bias"])
        if cell.separate_bias:
            # The last gate's second bias is the separate parameter ``bias_hn``, so it is not part of the sum.
            second[..., -cell.hidden_units :] = 0
        return {**drawn, "bias": drawn["bias"] + second}

    return rule


@initialisation("Normal")
def normal(std: Std = 0.1) -> Initialisation:
    """Independent Gaussian weights, zero biases. With σ = 0.1 and 50 tanh units this is Pascanu's "basic tanh".

    Args:
        std: The standard deviation of every weight.

    Formula: W, U, V ~ N(0, σ²), b = 0
    Reference: Pascanu, Mikolov & Bengio 2013
    """
    return gaussian_rule(lambda keys, size: std * gaussian(keys, (size, size)), std, std)


@initialisation("Orthogonal")
def orthogonal(gain: Annotated[float, Range(0.1, 3, symbol="g")] = 1.0, std: Std = 0.1) -> Initialisation:
    """Recurrent weights that rotate the state and keep its length.

    Args:
        gain: The length of every column of the recurrent matrix, and the value of all its singular values.
        std: The standard deviation of the weights from the inputs and to the outputs.

    Formula: U = g Q, QᵀQ = 1
    Reference: Saxe, McClelland & Ganguli 2014
    """

    def square(keys: Tensor, size: int) -> Tensor:
        rotation, triangle = torch.linalg.qr(gaussian(keys, (size, size)))
        # QR is unique up to signs. A positive diagonal of R makes Q uniform over all rotations and reflections
        # (Mezzadri 2007), and the same on every device.
        signs = torch.sign(triangle.diagonal(dim1=-2, dim2=-1)).unsqueeze(-2)
        return torch.as_tensor(gain * rotation * signs)

    return gaussian_rule(square, std, std)


@initialisation("Identity (IRNN)")
def identity(scale: Annotated[float, Range(0, 2, symbol="s")] = 1.0, std: Std = 1e-3) -> Initialisation:
    """Recurrent weights that pass the state on unchanged, for rectified units.

    Args:
        scale: The factor by which the state is multiplied at every step.
        std: The standard deviation of the weights from the inputs and to the outputs.

    Formula: U = s 1, b = 0
    Reference: Le, Jaitly & Hinton 2015
    """

    def square(keys: Tensor, size: int) -> Tensor:
        return scale * torch.eye(size, dtype=torch.float64).expand(*keys.shape, size, size)

    return gaussian_rule(square, std, std)


@initialisation("Spectral radius")
def spectral_radius(
    radius: Annotated[float, Range(0.1, 3, symbol="ρ")] = 0.95,
    connections: Annotated[int, Range(1, 128, structural=True, symbol="k")] = 15,
    input_std: Std = 0.01,
    output_std: Std = 0.01,
) -> Initialisation:
    """Sparse recurrent weights scaled to a spectral radius; the defaults are Pascanu's "smart tanh".

    Args:
        radius: The largest modulus of an eigenvalue of the recurrent matrix.
        connections: The number of inputs that each unit has from other units; all of them if there are fewer.
        input_std: The standard deviation of the weights from the inputs.
        output_std: The standard deviation of the weights to the outputs.

    Formula: U with k entries per row from N(0, 1), divided by its spectral radius and multiplied by ρ
    Reference: Jaeger & Haas 2004; Sutskever et al. 2013, table 4 (ρ = 1.1, k = 15); Pascanu et al. 2013 (0.95, 15)
    """

    def square(keys: Tensor, size: int) -> Tensor:
        order = torch.unflatten(counter_rng.uniform(counter_rng.child(keys, 0), size * size), -1, (size, size)).argsort(
            -1
        )
        chosen = torch.zeros(order.shape, dtype=torch.float64).scatter(-1, order[..., :connections], 1.0)
        sparse = chosen * gaussian(counter_rng.child(keys, 1), (size, size))
        largest = torch.linalg.eigvals(sparse).abs().amax(-1)[..., None, None]
        # A very sparse matrix can be nilpotent. Its radius is then 0 up to rounding, so no factor scales it to another.
        return torch.where(largest > 1e-9, sparse * (radius / largest), sparse)

    return gaussian_rule(square, input_std, output_std)
