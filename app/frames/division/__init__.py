"""The division of frames: parts that are computed independently, by one process or by several, and how they are joined.

A frame kind names its division in the table of kinds. The frame has the same bits for any number of parts.
"""
