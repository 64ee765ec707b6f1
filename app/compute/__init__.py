"""How work is computed: the compute worker, caches, chunks, compiled routines and the frame format.

Nothing here knows what a Scene is.
"""
