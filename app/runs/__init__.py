"""What is descended: the two runs of a Scene, training runs, sweep recipes, and their tables and verdicts.

Pictures of runs for the page are made in ``frames``.
"""
