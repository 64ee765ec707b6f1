"""The descent loop, batches and sweeps of runs, and the outcome of each run.

Optimizers and clips come from their own folders, and training on minibatches is in ``networks``.
"""
