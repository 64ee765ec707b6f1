"""CUDA's C++: routines with a thread per lane, and the steps of recurrent nets with a block of threads per lane.

Only the text is made here. ``app/compute/gpu`` compiles it and runs it.
"""
