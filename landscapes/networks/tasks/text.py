"""Character-level text: predict each next character from the previous ones."""

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.counter_rng import below, uniform
from cliffscape.landscapes.networks.tasks.encoded_text import encode_text
from cliffscape.landscapes.networks.tasks.sample import SAMPLE
from cliffscape.landscapes.networks.tasks.task import CLASSES, Batch, SequenceLength, Task, task


class DefaultText:
    """The text of the task if none is passed: the sample, or the file that the user chose for this process."""

    text = SAMPLE


@task("Characters of a text", skip=("text",))
def characters(sequence_length: SequenceLength = 50, text: str | None = None) -> Task:
    """Predict the next character of a text, at every step.

    Args:
        sequence_length: The number of characters of a sequence.

    Formula: the loss is in nats per character; the loss of guessing by frequency is the entropy of the characters
    Reference: Sutskever, Martens & Hinton 2011

    Raises:
        BoundError: the text is too short, or all one character.
    """
    text = DefaultText.text if text is None else text
    if len(text) <= sequence_length:
        raise BoundError("text", len(text), f"at least {sequence_length + 1} characters long")
    encoded = encode_text(text)
    if (symbols := len(encoded.alphabet)) < 2:
        raise BoundError("text", f"only {text[0]!r}", "made of at least 2 different characters")

    def sample(keys: Tensor, size: int, dtype: torch.dtype) -> Batch:
        start = below(uniform(keys, size), len(text) - sequence_length).unsqueeze(-2)
        step = torch.arange(sequence_length + 1, device=keys.device).unsqueeze(-1)
        window = encoded.on(keys.device)[start + step].long()
        return Batch(one_hot(window[..., :-1, :], symbols).to(dtype), window[..., 1:, :])

    # A character that occurs only at the start of the text is never a target. The clamp keeps its logarithm finite.
    share = encoded.frequencies(sequence_length)
    trivial = torch.log(share.clamp_min(1e-300))
    entropy = float(-(share * trivial).sum())
    steps = sequence_length
    return Task(symbols, symbols, steps, sample, CLASSES, trivial.expand(steps, -1), entropy, steps, steps)
