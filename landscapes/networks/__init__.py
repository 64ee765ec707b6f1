"""Recurrent networks as losses over one flat vector of parameters: cells, initial weights, gradients and training.

Planes through their parameter space are in ``slices``, and the tasks they learn are in ``networks/tasks``.
"""
