"""Runs: the pair of a Scene, training runs and sweep recipes, with their tables and verdicts.

The frames that show them are computed in ``frames``.
"""
