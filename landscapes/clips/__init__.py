"""Gradient clips: pure functions that limit a gradient, or a step, and the family that lists them.

The optimizers that use the result are in ``optimizers``, and what clipping does to a mean of gradients is measured in
``analysis``.
"""
