"""Loss landscapes, gradient clipping and descent, as plain PyTorch functions."""
