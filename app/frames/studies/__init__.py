"""Studies: what else some landscapes have to show, with the one frame kind that all of them share.

The numbers are computed in ``landscapes``; a study only words and packs them.
"""
