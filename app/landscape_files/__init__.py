"""Files with landscapes of the user's own, next to those of the catalogue."""
