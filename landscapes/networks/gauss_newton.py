"""The generalised Gauss-Newton matrix of a net's loss, by its products with vectors: what Hessian-free training uses.

It is JᵀHJ with J the derivative of the outputs by the parameters and H the loss's Hessian by the outputs: the Hessian
without the net's own curvature. Squared errors and cross-entropy are convex in the outputs, so it has no negative
eigenvalue.
Reference: Schraudolph 2002; Martens & Sutskever 2011
"""

from typing import Any, cast

import torch
from torch import Tensor

from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.optimizers.curvature_products import hessian_product
from cliffscape.landscapes.transform import Product


def gauss_newton_product(net: Net, batch: Batch, theta: Tensor) -> Product:
    """Products with vectors ``(..., D)`` at ``theta`` ``(..., D)``, of the mean loss on ``batch``; lanes do not couple.

    Each goes forward through time along the vector and back again; the states that both need are kept.
    """

    def outputs(parameters: Tensor) -> Tensor:
        return net.outputs(parameters, batch.inputs)

    answers: Tensor
    answers, back = cast(Any, torch.func.vjp(outputs, theta))
    targets = batch.targets.expand(answers.shape[:-1])
    bend = hessian_product(lambda given: net.task.loss(given, targets), answers)

    # The way back is linear in what it starts from, so that its own way back is the way forward along a vector.
    push: Any = torch.func.vjp(lambda given: torch.func.vjp(outputs, theta)[1](given)[0], torch.zeros_like(answers))[1]

    def product(vector: Tensor) -> Tensor:
        (moved,) = push(vector)
        (image,) = back(bend(moved))
        return cast(Tensor, image)

    return product
