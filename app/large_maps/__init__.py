"""Large maps: outcome maps of any number of cells, computed in blocks that are kept, and assembled on disk."""
