"""Programs that a benchmark compares with, each in a process of its own."""
