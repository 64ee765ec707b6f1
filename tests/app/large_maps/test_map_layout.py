"""The layout of large maps: blocks cover all cells once, within bounds; the claim says what they depend on."""

from dataclasses import replace

import pytest

from cliffscape.app.frames.outcomes import sides
from cliffscape.app.landscape_files.landscape_file import LandscapeFile
from cliffscape.app.landscape_files.loader import LOADED
from cliffscape.app.large_maps.map_layout import MOST, STARTS, WORK, MapLayout, file_hash
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.loss import LANDSCAPES
from tests.app.large_maps.small_maps import SADDLE, layout_of

SWEEP = f"{SADDLE}&map=sweep"


@pytest.mark.parametrize(
    ("link", "side", "shape"),
    [
        (SADDLE, 257, (257, 257)),
        (SADDLE, 8192, (8192, 8192)),
        (f"{SADDLE}&cloud=64", 4096, (4096, 4096)),
        ("steps=100000&cloud=64", 40, (40, 40)),
        (SWEEP, 2048, (1, 2048)),
        (f"{SWEEP}&sweep=clip.threshold,optimizer.learning_rate", 512, (512, 1)),
        (f"{SWEEP}&clip=by_value_then_norm&sweep=clip.threshold,clip.value_threshold", 9, (1, 1)),
    ],
)
def test_blocks_cover_all_cells_once_within_their_bounds(link: str, side: int, shape: tuple[int, int]) -> None:
    layout = layout_of(link, side)
    assert layout.shape("without") == shape and layout.shape("with") == (side, side)
    for run in RUN_NAMES:
        bounds = layout.bounds(run)
        assert [first for first, _ in bounds] == [0, *(last for _, last in bounds[:-1])]
        assert bounds[-1][1] == layout.count(run)
        most = max(last - first for first, last in bounds)
        assert most * layout.scene.cloud <= STARTS
        assert most == 1 or most * layout.steps_per_cell <= WORK
        columns = layout.shape(run)[1]
        assert most < columns or all(first % columns == 0 for first, _ in bounds)
    blocks = list(layout.blocks())
    assert len({block.name for block in blocks}) == len(blocks)
    assert blocks[0].run == "with"


def test_the_number_of_cells_has_bounds() -> None:
    for side in (1, MOST + 1):
        with pytest.raises(BoundError, match=rf"--cells must be between 2 and 32,768, got {side}"):
            layout_of(SADDLE, side)


def test_the_map_is_the_one_on_the_page_or_that_of_the_starts() -> None:
    assert [layout_of(f"{SADDLE}{more}").kind for more in ("", "&map=outcomes", "&map=sweep")] == [
        "outcomes",
        "outcomes",
        "sweep",
    ]


def test_cells_are_tested_as_those_of_the_page() -> None:
    scene = from_query({"landscape": "saddle"})
    assert [side for side in (*sides(scene), 4096) if MapLayout(scene, side).tests] == [129, 257, 513, 4096]
    assert not layout_of(f"{SADDLE}&cloud=4", 513).tests


def test_the_claim_depends_on_what_the_cells_depend_on() -> None:
    claim = layout_of(SADDLE).claim
    same, others = (
        layout_of(f"{SADDLE}&start=0.1,0.1"),
        [
            layout_of(SADDLE, 33),
            layout_of(SWEEP),
            layout_of("landscape=saddle&steps=13"),
            layout_of(f"{SADDLE}&clip.threshold=0.3"),
            replace(layout_of(SADDLE), device="cuda"),
        ],
    )
    assert same.claim.key == claim.key
    # All GPUs of a machine are one device for the map, since a cluster's actors each call their own the first.
    assert replace(layout_of(SADDLE), device="cuda:1").claim.key == others[-1].claim.key
    assert len({claim.key, *(other.claim.key for other in others)}) == 1 + len(others)


def test_the_claim_depends_on_the_users_own_file(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    file = LandscapeFile(request.path, b"loss = 1")
    assert file_hash("saddle") == ""
    monkeypatch.setitem(LOADED, file, [LANDSCAPES["saddle"]])
    first = file_hash("saddle")
    monkeypatch.delitem(LOADED, file)
    monkeypatch.setitem(LOADED, LandscapeFile(request.path, b"loss = 2"), [LANDSCAPES["saddle"]])
    assert len({"", first, file_hash("saddle")}) == 3
    assert file_hash("ravine") == ""
