"""What a user chooses: the Scene with its schema, links, validation, dependencies and content keys.

Nothing here computes a run or a picture.
"""
