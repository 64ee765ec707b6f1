"""Trainings of the user's own models: recorded runs, and the comparison of a training without and with clipping."""
