"""Attention by matrix products: it can be differentiated twice and batched, unlike PyTorch's fast kernels."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def plain_attention() -> Iterator[None]:
    """Compute ``scaled_dot_product_attention`` by matrix products in the block."""
    # Imported when it is used: it loads PyTorch's module of CUDA backends.
    from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: PLC0415

    with sdpa_kernel(SDPBackend.MATH):
        yield
