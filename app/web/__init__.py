"""What the server answers: routes, pages, static files, streams of frames, exports and problems.

Nothing here computes a frame; that is done by ``frames`` on the compute worker.
"""
