"""The plan: order and keys."""

from typing import Any, get_args

from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import DEFAULT_KINDS, EVERY, opening, plan
from cliffscape.app.scene.schema import Map, Scene

# Outcome maps are tested in test_outcomes.py.
PLANNED = [kind for kind in EVERY if not KINDS[kind].table]
# A Scene that has kernels and no examples: the browser computes the descents, and there are no minibatches.
OWN = {"kernel", "sweep_kernel", "curvature", "surface", "relief", "study"}
NET = {"landscape": {"kind": "recurrent_network"}}


def keys(**form: Any) -> dict[tuple[str, Any], str]:
    """Keys of all frames of a Scene, by kind and level."""
    return {(one.kind, one.level): one.key for one in plan(Scene.model_validate(form), PLANNED)}


def changed_kinds(**form: Any) -> set[str]:
    """Kinds whose keys differ from the default Scene's; a kind changes as a whole."""
    default, other = keys(), keys(**form)
    return {kind for (kind, level), key in other.items() if key != default[kind, level]}


def test_the_map_shows_the_loss_or_a_kind_that_is_a_table() -> None:
    assert get_args(Map) == ("loss", *sorted(name for name, kind in KINDS.items() if kind.table))


def test_the_map_is_never_delayed_by_the_relief() -> None:
    order = plan(Scene.model_validate({}), PLANNED)
    kinds = [one.kind for one in order]
    assert (order[0].kind, order[0].level) == ("surface", 33)
    assert kinds.index("kernel") < kinds.index("relief")
    assert kinds[: kinds.index("relief")].count("surface") == 3


def test_keys_are_all_different_and_fit_the_request() -> None:
    found = list(keys().values())
    assert len(set(found)) == len(found)
    assert all(0 < len(key) <= 64 for key in found)


def test_keys_depend_only_on_what_the_frame_shows() -> None:
    assert changed_kinds(runs="with", colour="gradient_norm") == set()
    assert changed_kinds(steps=10) == set()
    assert changed_kinds(start=(4.0, -2.0)) == {"study"}
    assert changed_kinds(optimizer={"kind": "gradient_descent", "learning_rate": 0.1}) == set()
    assert changed_kinds(optimizer={"kind": "adam"}) == {"kernel", "sweep_kernel"}
    assert changed_kinds(schedule={"kind": "cosine"}) == {"kernel", "sweep_kernel"}
    assert changed_kinds(clip={"kind": "none"}) == {"kernel", "sweep_kernel"}
    assert changed_kinds(window="paper") == {"surface", "relief"}
    assert changed_kinds(window="descent") == set()
    assert changed_kinds(height="linear") == set()  # what auto means here
    assert changed_kinds(height="log") == {"relief"}
    assert changed_kinds(landscape={"kind": "one_unit_rnn", "target": 0.6}) == {
        "surface",
        "relief",
        "study",
    }
    assert changed_kinds(landscape={"kind": "one_unit_rnn", "sequence_length": 51}) == OWN


def test_frames_that_the_client_has_are_left_out() -> None:
    scene = Scene.model_validate({})
    whole = plan(scene)
    assert {part.kind for part in whole} == set(DEFAULT_KINDS) & OWN
    rest = plan(scene, DEFAULT_KINDS, [part.key for part in whole[:3]])
    assert [part.key for part in rest] == [part.key for part in whole[3:]]
    assert plan(scene, ()) == []


def test_levels_that_the_client_computes_are_left_out() -> None:
    scene = Scene.model_validate({})
    kinds = ["outcomes", "kernel", "relief"]
    levels = [(part.kind, part.level) for part in plan(scene, kinds, finer_than={"outcomes": 129, "kernel": 3})]
    reliefs = [("relief", part.level) for part in plan(scene, ["relief"])]
    assert sorted(levels, key=str) == sorted(
        [("kernel", None), *reliefs, ("outcomes", 257), ("outcomes", 513)], key=str
    )


def test_a_page_contains_its_kernels_and_a_coarse_map() -> None:
    assert [part.kind for part in opening(Scene.model_validate({}))] == ["surface", "kernel"]


def net_keys(**form: Any) -> dict[tuple[str, Any], str]:
    """Keys of all frames of a net's Scene, by kind and level."""
    return {(one.kind, one.level): one.key for one in plan(Scene.model_validate({**NET, **form}), PLANNED)}


def changed_net_kinds(**form: Any) -> set[str]:
    """Kinds whose keys differ from those of the net's default Scene."""
    default, other = net_keys(), net_keys(**form)
    return {kind for (kind, level), key in other.items() if key != default[kind, level]}


def test_keys_of_a_network_depend_only_on_what_the_frame_shows() -> None:
    every = {"slice", "surface", "pair", "gradient_flow", "training", "projection"}
    assert changed_net_kinds(runs="with", height="linear", path="projection") == set()
    assert changed_net_kinds(colour="gradient_norm") == {"surface"}
    assert changed_net_kinds(window=(0, 1, 0, 1), start=(0.5, 0.5)) == {"surface", "pair", "gradient_flow"}
    assert changed_net_kinds(steps=10) == {"pair"}
    assert changed_net_kinds(updates=10) == changed_net_kinds(seeds=2) == {"training", "projection"}
    assert changed_net_kinds(clip={"kind": "none"}) == {"pair", "training", "projection"}
    assert changed_net_kinds(optimizer={"kind": "adam"}) == {"pair", "training", "projection"}
    assert changed_net_kinds(cell={"kind": "gru"}) == changed_net_kinds(task={"kind": "adding"}) == every
    assert changed_net_kinds(initialisation={"kind": "orthogonal"}) == every
    assert changed_net_kinds(slice={"kind": "coordinates"}) == every - {"training"}
    assert changed_net_kinds(landscape={"kind": "recurrent_network", "seed": 1}) == every
    assert keys(cell={"kind": "gru"}) == keys()


def test_both_runs_of_a_network_come_before_its_fine_surface() -> None:
    scene = Scene.model_validate(NET)
    order = [part.kind for part in plan(scene)]
    assert order[:4] == ["kernel", "slice", "surface", "pair"]
    assert all(part.long for part in plan(scene, ("slice", "surface", "pair", "gradient_flow")))
    assert [part.kind for part in opening(scene)] == ["kernel"]


def test_only_losses_made_of_examples_have_a_bias() -> None:
    def bias_of(**form: Any) -> list[str]:
        return [part.key for part in plan(Scene.model_validate(form), ("bias",))]

    assert bias_of() == bias_of(**NET) == []
    (outlier,) = bias_of(landscape={"kind": "outlier"})
    assert bias_of(landscape={"kind": "outlier", "minibatch_size": 2, "outlier": 5}, start=(1, 1)) == [outlier]
    assert bias_of(landscape={"kind": "outlier"}, clip={"kind": "by_value"}) != [outlier]
    (tails,) = bias_of(landscape={"kind": "heavy_tails"})
    assert bias_of(landscape={"kind": "heavy_tails", "minibatch_size": 64}, steps=3) == [tails]
    assert bias_of(landscape={"kind": "heavy_tails"}, start=(0.1, 0.1)) != [tails]
    assert bias_of(landscape={"kind": "heavy_tails"}, clip={"kind": "by_norm", "threshold": 2}) != [tails]


def test_the_minibatch_size_changes_no_picture() -> None:
    def pictures(size: int) -> list[str]:
        form = {"landscape": {"kind": "outlier", "minibatch_size": size}}
        return [part.key for part in plan(Scene.model_validate(form), ("surface", "relief"))]

    assert pictures(1) == pictures(4)
    kernels = [
        plan(Scene.model_validate({"landscape": {"kind": "outlier", "minibatch_size": m}}), ("kernel",)) for m in (1, 4)
    ]
    assert kernels[0][0].key != kernels[1][0].key
