"""Formats: what recognises the log of a program, and the names of its columns. One file per program."""
