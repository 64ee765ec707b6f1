"""Benchmarks of learning: which seeds of a task are solved, and after how many updates."""
