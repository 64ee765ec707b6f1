"""Blocks on a Ray of this machine with two actors: the bytes of one process, whatever happens to an actor."""

import asyncio
import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.block_commands.processes import ClusterProcesses, LocalProcesses
from cliffscape.app.blocks.kept_blocks import Arrays
from cliffscape.app.blocks.pool import PoolError, SerialPool
from cliffscape.app.cluster import connection
from cliffscape.app.large_maps.cell_block import CellBlock, compute_block
from cliffscape.app.settings import Settings
from cliffscape.app.training_studies import study
from cliffscape.app.training_studies.session import compute_study
from cliffscape.app.training_studies.study import Study
from cliffscape.app.training_studies.training_block import compute_block as train_block
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.compiled.cells import COMPILED
from tests.app.cluster.comparison import until
from tests.app.cluster.small_ray import small_ray
from tests.app.large_maps.small_maps import SADDLE, layout_of, map_work, small, write_map

ray = pytest.importorskip("ray", reason="The cluster needs Ray: make test-cluster.")
from cliffscape.app.cluster import block_pool  # noqa: E402
from cliffscape.app.cluster.block_pool import RayBlockPool  # noqa: E402

__all__ = ["small"]
pytestmark = pytest.mark.cluster
Pool = RayBlockPool[CellBlock, Arrays]


def actors_for(processes: int | None, useful: int, gpu: bool = True, **given: Any) -> ClusterProcesses:
    """Processes of a cluster, with one of this machine in their place."""
    settings = Settings(cluster="local", **{"device": "auto", **given})
    return ClusterProcesses(settings, processes, useful, gpu, lambda: LocalProcesses(1, (), None))


@pytest.fixture(scope="module")
def processes() -> Iterator[ClusterProcesses]:
    """Two processes of a small cluster."""
    with small_ray():
        found = actors_for(None, 2, device="cpu")
        yield found
        found.close()


@pytest.fixture
def pool(small: None, processes: ClusterProcesses) -> Iterator[Pool]:
    """A pool of two actors, whose settings are those of the environment: they compile nothing."""
    found = processes.pool(compute_block)
    assert isinstance(found, RayBlockPool) and found.capacity == 3
    yield found
    found.cancel()


def map_bytes(pool: Pool, out: Path, kill_after: int = 10**9, number: int = signal.SIGKILL) -> bytes:
    """The file of the map, computed by a pool one of whose actors gets a signal after some blocks."""
    work, calls = map_work(layout_of(SADDLE), out), list[int]()

    def stopped() -> bool:
        calls.append(1)
        if len(calls) == kill_after:
            os.kill(next(iter(pool.processes.values())), number)
        return False

    with work.kept.open():
        assert work.run(pool, stopped) == ""
    return out.read_bytes()


def test_a_map_has_the_bytes_of_one_process_and_nothing_is_left(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_map(layout_of(SADDLE), tmp_path / "expected.npz")
    expected = (tmp_path / "expected.npz").read_bytes()
    assert map_bytes(pool, tmp_path / "whole.npz") == expected
    before = set(pool.processes.values())
    assert map_bytes(pool, tmp_path / "killed.npz", kill_after=2) == expected
    (killed,) = before - set(pool.processes.values())
    # An actor that is stopped never answers.
    monkeypatch.setattr(block_pool, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(block_pool, "SILENT_SECONDS", 1.0)
    before = set(pool.processes.values())
    assert map_bytes(pool, tmp_path / "stopped.npz", 2, signal.SIGSTOP) == expected
    (stopped,) = before - set(pool.processes.values())
    assert stopped != killed
    os.kill(stopped, signal.SIGCONT)
    monkeypatch.setattr(block_pool, "SILENT_SECONDS", 10.0)
    pool.submit(next(layout_of(f"{SADDLE}&clip=autoclip", 5).blocks())._replace(run="with"))
    with pytest.raises(BoundError, match=r"^clip must be one whose memory has a fixed size"):
        pool.next_result()
    # The next actor that is lost with a block ends the work.
    monkeypatch.setattr(block_pool, "MOST_LOSSES", 0)
    for process in pool.processes.values():
        os.kill(process, signal.SIGKILL)
    for block in list(layout_of(SADDLE).blocks())[: pool.capacity]:
        pool.submit(block)
    with pytest.raises(PoolError, match="actors ended one after another in the same work"):
        while True:
            pool.next_result()
    pool.cancel()

    async def idle() -> bool:
        return bool(ray.available_resources().get("CPU") == 2)

    asyncio.run(until(idle))


@pytest.mark.usefixtures("small")
def test_a_study_has_the_bytes_of_one_process(
    processes: ClusterProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This process would otherwise keep compiled steps, which round differently from those of the other tests.
    monkeypatch.setattr(COMPILED, "_found", {})
    # Blocks of ten updates, so that several follow each other.
    monkeypatch.setattr(study, "FEWEST", 10)
    monkeypatch.setattr(study, "BLOCK_SECONDS", 0.0)
    chosen = Study((4,), (0.5,), (0.1,), 1, 20)
    pools = {"one": lambda: SerialPool(train_block), "cluster": lambda: processes.pool(train_block)}
    for name, pool in pools.items():
        assert compute_study(chosen, tmp_path / name, pool, io.StringIO()) is None
    one, cluster = ({path.name: path.read_bytes() for path in (tmp_path / name).glob("*[vn]")} for name in pools)
    assert one == cluster and {"trainings.csv", "summary.json"} <= set(one)


def test_the_cluster_bounds_the_number_of_actors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "join", lambda settings: None)
    has = {"CPU": 8.0}
    monkeypatch.setattr(ray, "cluster_resources", lambda: has)

    def actors(processes: int | None = None, useful: int = 100, **given: Any) -> tuple[int, str]:
        found = actors_for(processes, useful, **given)
        return found.count, found.device

    def count(**given: Any) -> int:
        return actors(**given)[0]

    assert [count(), count(processes=3), count(processes=20), count(useful=0)] == [8, 3, 8, 1]
    assert [count(cluster_cores=3), count(cluster_actors=2), count(cluster_actors=2, cluster_cores=4)] == [2, 2, 2]
    with pytest.raises(BoundError, match=r"one that the cluster has, 3 times 4 cores, got 0 GPUs and 8 cores"):
        count(cluster_actors=3, cluster_cores=4)
    with pytest.raises(BoundError, match=r"one that the cluster has, 1 times a GPU, got 0 GPUs and 8 cores"):
        count(device="cuda")
    assert actors(device="cuda", gpu=False) == (8, "cpu")
    has["GPU"] = 2.0
    assert [actors(), actors(processes=1), actors(device="cpu"), actors(gpu=False)] == [
        (2, "cuda"),
        (1, "cuda"),
        (8, "cpu"),
        (8, "cpu"),
    ]
    assert connection.plan_actors(Settings(device="cuda"), 4).needs == {"num_gpus": 1, "num_cpus": 4}
    assert connection.plan_actors(Settings(device="cuda"), 1).needs == {"num_gpus": 1, "num_cpus": 1}
    with pytest.raises(BoundError, match=r"device must be auto, cpu or cuda with a cluster.*, got cuda:1"):
        count(device="cuda:1")
