"""Losses of two parameters: one decorated function each, with its window, start, minima and presets.

Losses of whole networks are in ``networks``, and what a landscape is, is defined in ``loss.py``.
"""
