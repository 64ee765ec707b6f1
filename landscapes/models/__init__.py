"""Planes through the parameters of any PyTorch module, by its named parameters and a loss."""
