"""What a lesson's fact can measure: quantities of runs, surfaces and clipped gradients, one function each.

The expressions that combine measurements are parsed in ``lessons/expressions.py``.
"""
