"""Planes through the parameter space of a model, and the losses on them.

The models themselves are in ``networks``; what a slice needs of one is described in ``networks/model.py``.
"""
