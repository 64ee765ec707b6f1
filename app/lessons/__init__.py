"""What a lesson is: its file format, its text, and the checks of its facts.

The lessons themselves are Markdown files in ``templates/lessons``.
"""
