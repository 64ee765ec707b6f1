"""A library of loss landscapes, gradient clips, optimizers and descent, as plain PyTorch functions.

It knows nothing of the web: no server, no page and no file format is in here, and ``app`` imports from it, never the
other way round.
"""
