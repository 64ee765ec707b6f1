"""Tests of the user's own models on the command line."""
