"""The check that the loss on a plane is the user's own loss: at the model's own parameters, to the last bit."""

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.module_loss import ModuleLoss, same

LOSS = "the loss at the model's own parameters"


def check_origin(found: ModuleLoss) -> None:
    """Compare the model's loss with the second one, and with that of parameters that are passed to the model.

    Raises:
        BoundError: a loss differs from that of the model itself.
    """
    own = found.origin
    again = found.again
    if not same(own, again):
        because = "Random numbers that are not PyTorch's, a state outside the buffers or new data can change it"
        bound = f"{float(own)!r} again when it is computed a second time ({because})"
        raise BoundError(LOSS, repr(float(again)), bound)
    passed = found.at(found.parameters.theta)
    if not same(own, passed):
        bound = f"{float(own)!r} when torch.func.functional_call computes it (does the loss use the model it is given?)"
        raise BoundError(LOSS, repr(float(passed)), bound)
