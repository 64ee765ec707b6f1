"""Products of vectors with the generalised Gauss-Newton matrix of a net's loss, as in Hessian-free training.

The matrix is JᵀHJ, where J is the Jacobian of the outputs with respect to the parameters and H the Hessian of the loss
with respect to the outputs. It is the Hessian of the loss without the curvature of the net itself. Squared error and
cross-entropy are convex in the outputs, so the matrix has no negative eigenvalue.
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

    Each product is one forward-mode pass (J v) and one backward pass (Jᵀ H J v). The net is evaluated once, and its
    states are kept for all products.
    """

    def outputs(parameters: Tensor) -> Tensor:
        return net.outputs(parameters, batch.inputs)

    answers: Tensor
    answers, vjp = cast(Any, torch.func.vjp(outputs, theta))
    targets = batch.targets.expand(answers.shape[:-1])
    output_hessian = hessian_product(lambda out: net.task.loss(out, targets), answers)

    # J v by two backward passes: the product Jᵀ u is linear in u, so its transpose is the product J v.
    jvp: Any = torch.func.vjp(lambda out: torch.func.vjp(outputs, theta)[1](out)[0], torch.zeros_like(answers))[1]

    def product(vector: Tensor) -> Tensor:
        (change,) = jvp(vector)
        (image,) = vjp(output_hessian(change))
        return cast(Tensor, image)

    return product
