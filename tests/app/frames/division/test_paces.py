"""The pace of earlier maps, from which the parts of the next one are divided."""

from cliffscape.app.frames.division.paces import Paces


def test_the_latest_pace_counts_and_an_unknown_one_is_given() -> None:
    paces = Paces()
    assert paces.seconds("with", 600, unknown=100) == 6
    paces.learn("with", 1000, 5)
    paces.learn("with", 1000, 2)
    assert paces.seconds("with", 600, unknown=100) == 1.2
    assert paces.seconds("without", 600, unknown=100) == 6
    paces.learn("with", 0, 0)
    assert paces.seconds("with", 600, unknown=100) == 1.2
