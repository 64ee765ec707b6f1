"""Blocks: long work in independent pieces, which several processes compute and a folder keeps as they come.

The work continues after an interruption with the blocks that the folder has. ``pool.py`` says what computes blocks:
processes of this machine here, or anything else with the same three methods.
"""
