"""Gradient clips: pure functions that limit a gradient, or a step, and the family that lists them.

The optimizers that use the result are in ``optimizers``, and the bias of averaged clipped gradients is measured in
``analysis``.
"""
