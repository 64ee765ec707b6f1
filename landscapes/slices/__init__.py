"""Planes through the parameter space of a model, and the losses on them.

The models themselves, their losses and their training are in ``networks``.
"""
