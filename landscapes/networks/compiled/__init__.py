"""Compiled steps: nets on the processor in float64, several times as fast as in PyTorch for small nets.

The C text and its compiler are in ``landscapes/backends``. Without a compiler, nets use ``unrolled.py``.
"""
