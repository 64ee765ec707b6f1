"""Tasks for recurrent networks: how sequences are drawn, the loss of an output, and the loss of guessing.

The networks are in ``networks``.
"""
