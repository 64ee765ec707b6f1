"""The commands whose work is computed in blocks, by processes of this machine or by actors of a cluster."""
