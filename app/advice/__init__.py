"""Advice in words: the report on a log of gradient norms, as text and as JSON."""
