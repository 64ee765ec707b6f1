"""Advice on a clipping threshold from the gradient norms that a training has logged.

These modules compute numbers and the names of statements. Their sentences are in ``app/advice/sentences.py``.
"""
