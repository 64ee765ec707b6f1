"""Studies: further figures of some landscapes, and the one frame kind that all of them share.

The numbers are computed in ``landscapes``. A study describes them in sentences and packs them into a frame.
"""
