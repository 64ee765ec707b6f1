"""An encoded text: its characters as numbers, computed once for each text."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class EncodedText:
    """``codes`` ``(N,)``, int32, are the characters' places in ``alphabet``, which is sorted by code point.

    ``counts`` says how often each character of the alphabet occurs after the first place; ``digest`` is the text's
    name in keys.
    """

    codes: Tensor
    alphabet: str
    counts: Tensor
    digest: str
    copies: dict[torch.device, Tensor] = field(default_factory=dict)

    def on(self, device: torch.device) -> Tensor:
        """The codes on a device. The copy is kept, because every minibatch reads it."""
        if device not in self.copies:
            self.copies[device] = self.codes.to(device)
        return self.copies[device]

    def frequencies(self, length: int) -> Tensor:
        """How often each character is a target, over all windows of ``length`` steps.

        Each place is a target in ``length`` windows, except for those near the ends. So only these are counted one by
        one, and the time does not depend on the length of the text.
        """
        size = len(self.codes)
        ends = torch.cat([torch.arange(1, length), torch.arange(max(length, size - length + 1), size)])
        windows = torch.clamp(ends - 1, max=size - length - 1) - torch.clamp(ends - length, min=0) + 1
        missing = (length - windows).double()
        counts = (length * self.counts).double().index_add(0, self.codes[ends], -missing)
        return counts / counts.sum()


@lru_cache(maxsize=8)
def encode_text(text: str) -> EncodedText:
    """The text's codes, alphabet, counts and digest; the last few texts are kept."""
    content = text.encode("utf-32-le", "surrogatepass")
    # ``frombuffer`` takes no empty buffer.
    points = torch.frombuffer(bytearray(content), dtype=torch.int32) if content else torch.zeros(0, dtype=torch.int32)
    # Places of code points in the alphabet, from a table: a loop in Python would take seconds for a long text.
    alphabet = "".join(sorted(set(text)))
    table = torch.zeros(ord(alphabet[-1]) + 1 if alphabet else 1, dtype=torch.int32)
    table[[ord(character) for character in alphabet]] = torch.arange(len(alphabet), dtype=torch.int32)
    codes = table.index_select(0, points)
    counts = torch.bincount(codes[1:], minlength=len(alphabet))
    return EncodedText(codes, alphabet, counts, hashlib.sha256(content).hexdigest())
