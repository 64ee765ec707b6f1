"""What a user chooses: the Scene with its schema, links, bounds and keys, and the catalogue it is chosen from.

Nothing here computes a run or a picture.
"""
