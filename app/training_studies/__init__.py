"""Training studies: many trainings of small networks, in blocks whose state is kept, and their results as a table."""
