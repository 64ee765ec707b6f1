"""Results on every device of this machine, compared with those of the CPU."""
