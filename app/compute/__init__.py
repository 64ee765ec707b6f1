"""How work is computed: the compute worker, caches, chunks, compiled routines and the frame format.

Nothing here imports ``scene``: work on a Scene arrives as a generator or a recipe.
"""
