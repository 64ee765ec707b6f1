"""What the page draws: one generator per kind of frame, and the plan of which frames a Scene has.

The binary format of a frame is in ``compute``, and its transport over HTTP in ``web``.
"""
