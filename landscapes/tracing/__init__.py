"""Records the scalar operations that PyTorch computes for one input, as a program.

How a program becomes JavaScript, C or CUDA is in ``backends``.
"""
