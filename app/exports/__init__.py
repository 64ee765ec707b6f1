"""Exports: a Scene as files that leave the page: tables of its runs, a PyTorch script, and calls for a training loop.

``web/exports/`` sends them, and ``cliffscape export`` writes them.
"""
