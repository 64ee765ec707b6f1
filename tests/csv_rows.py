"""Rows of a CSV file that the program wrote, without the comment that names its Scene."""

import csv


def csv_rows(text: str) -> list[dict[str, str]]:
    """The rows below the header line."""
    comment, *lines = text.splitlines()
    assert comment.startswith("# Cliffscape "), comment
    return list(csv.DictReader(lines))
