"""A model of the user's own, named on the command line: its file, its weights and its data."""
