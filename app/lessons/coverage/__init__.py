"""Coverage: every number and every quantity word of a text belongs to a fact."""
