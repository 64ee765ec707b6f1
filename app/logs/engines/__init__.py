"""Engines: how each kind of text, or of binary file, is taken apart into records."""
