"""Tasks for recurrent networks: how sequences are drawn, the loss of an answer, and the loss of guessing.

The networks that learn them are one folder up.
"""
