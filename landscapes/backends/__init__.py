"""Writes traced programs as JavaScript, C and CUDA, and compiles the C with the compiler of this machine.

Tracing itself is in ``tracing``; the CUDA runtime and the cache of compiled programs belong to ``app``.
"""
