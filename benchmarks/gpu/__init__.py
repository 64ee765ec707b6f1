"""What is checked and measured on a GPU, a subject per file; benchmarks/device.py runs all of it."""
