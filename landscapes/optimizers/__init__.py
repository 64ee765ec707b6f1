"""Optimizers, learning-rate schedules and the curvature products that second-order methods need.

Nothing here takes a step: the loop that applies an update is in ``descent``, and clips are in ``clips``.
"""
