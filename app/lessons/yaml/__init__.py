"""YAML: front matter as other programs write it, which a lesson does not accept."""
