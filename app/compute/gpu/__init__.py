"""The GPU: CUDA compiled at run time, and the loss of a slice recorded as a graph of launches.

The texts come from ``landscapes/backends/gpu``.
"""
