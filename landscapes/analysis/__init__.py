"""Measurements of a landscape: clipping bias, derivatives of chains, and a mesh that follows its walls.

Runs and their outcomes are measured in ``descent``, gradients of networks in ``networks``.
"""
