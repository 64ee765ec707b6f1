"""Texts outside lessons and presets whose numbers are facts: the claims of the book, and the catalogue."""
