"""Logs: gradient norms from the logs of training programs.

A file of ``formats/`` declares a format as data, and an engine of ``engines/`` reads each kind of text.
"""
