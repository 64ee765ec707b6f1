"""What the threshold does in a run: a safety net, or a limit of most steps."""

import pytest

from cliffscape.landscapes.descent.clip_role import CLIP_ROLES, clip_role
from tests.reference import tensor

# Clipped steps, all steps, and the role of the threshold.
CASES = [
    (0, 60, "safety_net"),
    (4, 100, "safety_net"),
    (5, 100, "frequent"),
    (50, 100, "frequent"),
    (51, 100, "limit"),
    (3, 4, "limit"),
    (0, 0, ""),
]


@pytest.mark.parametrize(("clipped", "taken", "role"), CASES)
def test_the_role_of_the_threshold(clipped: int, taken: int, role: str) -> None:
    found = clip_role(tensor(float(clipped)), tensor(float(taken)))
    assert [name for name, holds in found.items() if holds] == [role] * bool(role)
    assert tuple(found) == tuple(CLIP_ROLES)
