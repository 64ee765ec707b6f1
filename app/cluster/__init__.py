"""The cluster: actors of Ray that compute frames, each as one process does, and the engine that sends work to them.

Nothing here is imported without ``--cluster``, because Ray is an optional package.
"""
