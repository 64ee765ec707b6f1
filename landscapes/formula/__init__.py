"""Formulas: a loss that is written as text, in a small part of Python's syntax.

A formula is parsed with Python's ``ast``, checked against a list of allowed nodes and functions, and interpreted over
tensors. Python never executes it, and it can reach no name of Python's.
"""
