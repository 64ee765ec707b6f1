"""Cliffscape: loss landscapes with cliffs, gradient clipping, and the page that shows them.

``cliffscape.landscapes`` is the library of PyTorch functions, ``cliffscape.app`` the server and the command line.
Their code lies in the folders ``landscapes`` and ``app`` of the repository; setup.py gives them this one name.
"""
