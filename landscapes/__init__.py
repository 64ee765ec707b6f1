"""A library of loss landscapes, gradient clips, optimizers and descent, as plain PyTorch functions.

It contains no server, no page and no file format. ``app`` imports from it, never the other way round.
"""
