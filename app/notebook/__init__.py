"""Cliffscape in Python and in notebooks: the result of a link, and the page in a frame.

It imports ``main`` and ``server``'s parts, and nothing imports it but the package ``cliffscape`` itself.
"""
