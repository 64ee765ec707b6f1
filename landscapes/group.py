"""Groups of landscapes, in the order in which the gallery shows them."""

from cliffscape.landscapes.bound_error import BoundError

# A landscape that declares no group.
OWN = "Yours"
GROUPS = {
    "Cliffs": "Steep walls next to flat regions. One gradient on a wall moves the run far away.",
    "Vanishing": "Chains of repeated steps. Slope and curvature can vanish as the chain grows longer.",
    "Minibatches": "Losses of several examples. Clipping each minibatch changes the direction of the mean.",
    "Test functions": "Bowls, ravines, saddles and many valleys, from the literature on optimization.",
    "Formulas": "Losses of your own, typed into the page.",
    "Recurrent networks": "Whole networks. The picture is a plane through the loss of all their parameters.",
    OWN: "Landscapes that you have added.",
}


def check_group(name: str) -> None:
    """Check that there is a group of this name.

    Raises:
        BoundError: there is none.
    """
    if name not in GROUPS:
        raise BoundError("group", name, f"one of {', '.join(GROUPS)}")
