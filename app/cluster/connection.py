"""The connection: start a Ray on this machine or join one, and start the actors."""

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, NamedTuple

from cliffscape.app.cluster.actor import ComputeActor, versions
from cliffscape.app.compute.cores import available_cores
from cliffscape.app.settings import LOCAL, Settings
from cliffscape.app.web.engine import Engine, ProcessEngine
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_landscape import VIEWS
from cliffscape.landscapes.networks.tasks.text import DefaultText

# Seconds for a connection to the address, for a Ray that answers there (the connection included), and until the first
# actor has said its versions.
REACH_SECONDS, JOIN_SECONDS, DESCRIBE_SECONDS = 3, 9, 9
# Ray's shared memory on this machine: frames of at most 10 MB pass through it, one at a time for every request.
OBJECT_STORE_BYTES = 200 << 20
MOST_CORES = 4
logger = logging.getLogger(__name__)


def create_engine(settings: Settings) -> Engine:
    """The engine of the server: of this process, or of a cluster if the settings name one.

    Raises:
        BoundError: there is no such device, or the cluster cannot be used and is not optional.
    """
    if not settings.cluster:
        return ProcessEngine(settings)
    try:
        return cluster_engine(settings)
    except BoundError as error:
        if not settings.cluster_optional:
            raise
        logger.warning("%s. This process computes instead.", error)
        return ProcessEngine(settings)


def cluster_engine(settings: Settings) -> Engine:
    """The engine of the cluster that the settings name.

    Raises:
        BoundError: Ray is missing, does not answer, or has no actor that can be used.
    """
    join(settings)
    # An optional package, which reads its environment variables when it is imported.
    import ray  # noqa: PLC0415

    from cliffscape.app.cluster.engine import ClusterEngine  # noqa: PLC0415
    from cliffscape.app.cluster.pool import Pool  # noqa: PLC0415

    try:
        handles, gpu = start_actors(settings)
        check_versions(handles[0])
    except BaseException:
        ray.shutdown()
        raise
    return ClusterEngine(settings, Pool(handles, gpu))


def join(settings: Settings) -> None:
    """Start or join the cluster that the settings name.

    Raises:
        BoundError: Ray is missing or does not answer, or this process has what actors do not have.
    """
    if find_spec("ray") is None:
        raise BoundError("cluster", "no package ray", "used with Ray: pip install 'cliffscape[cluster]'")
    if VIEWS or settings.landscape_files:
        mine = "--model" if VIEWS else "--landscapes"
        raise BoundError("cluster", mine, "used without --model and --landscapes, which actors do not have")
    connect(settings.cluster)


def leave() -> None:
    """Leave the cluster if one was joined, and end it if it was started here."""
    if "ray" in sys.modules:
        sys.modules["ray"].shutdown()


def connect(address: str) -> None:
    """Start a Ray on this machine, which only this machine reaches, or join the one at ``address``.

    Raises:
        BoundError: there is none, or it has another version of Ray or Python.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet: dict[str, Any] = {"configure_logging": False, "log_to_driver": False}
    if address != LOCAL:
        probe(address)
        import ray  # noqa: PLC0415

        ray.init(address, **quiet)
        return
    # Ray's default. Without the token, every program of this machine could run code as this user.
    mode = os.environ.get("RAY_AUTH_MODE", "token")
    if mode != "token":
        raise BoundError("RAY_AUTH_MODE", mode, "token, or unset")
    # Ray then listens on the loopback interface alone. It has no other setting for that.
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    import ray  # noqa: PLC0415

    store = OBJECT_STORE_BYTES
    try:
        ray.init(num_cpus=available_cores(), include_dashboard=False, object_store_memory=store, **quiet)
    except (RuntimeError, ValueError, OSError) as error:
        raise BoundError("cluster", " ".join(str(error).split())[:300], "local on a machine where Ray starts") from None


def probe(address: str) -> None:
    """Check that a Ray answers at ``address``.

    Another process tries it first, because Ray waits a minute for an address that does not answer.

    Raises:
        BoundError: none does, or it has another version of Ray or Python.
    """
    bound = "local, or the address of a Ray such as ray://head:10001 or head:6379"
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not (host and port.isdigit()):
        raise BoundError("cluster", address, bound)
    began = time.monotonic()
    try:
        socket.create_connection((host, int(port)), REACH_SECONDS).close()
    except OSError as error:
        raise BoundError("cluster", f"{address} ({error.strerror or error})", f"{bound} that can be reached") from None
    code = f"import ray; ray.init({address!r}, configure_logging=False, log_to_driver=False)"
    left = began + JOIN_SECONDS - time.monotonic()
    try:
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=left, check=False)
    except subprocess.TimeoutExpired:
        raise BoundError("cluster", address, f"{bound} that answers within {JOIN_SECONDS} s") from None
    if found.returncode:
        last = " ".join(found.stderr.split())[-300:]
        raise BoundError("cluster", f"{address}: {last}", f"{bound} that this version can join")


def start_actors(settings: Settings) -> tuple[list[Any], bool]:
    """Handles of the actors, and whether each has a GPU.

    Raises:
        BoundError: the cluster has no device as the settings ask for.
    """
    import ray  # noqa: PLC0415

    plan = plan_actors(settings, MOST_CORES)
    kind = ray.remote(ComputeActor).options(max_restarts=-1, **plan.needs)
    given = actor_settings(settings, plan.gpu, int(plan.needs["num_cpus"]))
    return [kind.remote(given) for _ in range(plan.actors)], plan.gpu


class ActorPlan(NamedTuple):
    """How many actors there are, what Ray reserves for each, and whether that includes a GPU."""

    actors: int
    needs: Mapping[str, float]
    gpu: bool


def plan_actors(settings: Settings, most_cores: int, gpu: bool = True) -> ActorPlan:
    """As many actors as the settings or the cluster have: one per GPU, or per group of at most ``most_cores``.

    ``gpu`` says whether their work can use a GPU.

    Raises:
        BoundError: the cluster has no device as the settings ask for.
    """
    import ray  # noqa: PLC0415

    found: Mapping[str, float] = ray.cluster_resources()
    gpus, cores = int(found.get("GPU", 0)), int(found.get("CPU", 0))
    if gpu and settings.device not in ("auto", "cpu", "cuda"):
        raise BoundError("device", settings.device, "auto, cpu or cuda with a cluster, which assigns its GPUs itself")
    gpu = gpu and (settings.device == "cuda" or (settings.device == "auto" and gpus > 0))
    each = settings.cluster_cores or max(1, min(most_cores, cores // 2))
    most, least = gpus if gpu else cores // each, max(1, settings.cluster_actors)
    if most < least:
        wanted = f"{least} times {'a GPU' if gpu else f'{each} cores'}"
        raise BoundError("device", f"{gpus} GPUs and {cores} cores", f"one that the cluster has, {wanted}")
    # A GPU's actor has its share of the cores, for what is computed on the CPU.
    needs = {"num_gpus": 1, "num_cpus": max(1, min(each, cores // most))} if gpu else {"num_cpus": each}
    return ActorPlan(settings.cluster_actors or most, needs, gpu)


def actor_settings(settings: Settings, gpu: bool, cores: int) -> Mapping[str, Any]:
    """The settings of an actor's engine, and the text of networks that predict characters."""
    own = {"cluster": "", "device": "cuda" if gpu else "cpu", "threads": cores, "text_file": None}
    return {**settings.model_dump(), **own, "text": DefaultText.text}


def check_versions(handle: Any, seconds: float = DESCRIBE_SECONDS) -> None:
    """Check that an actor has the code of this process.

    Raises:
        BoundError: it has another version, or does not answer.
    """
    import ray  # noqa: PLC0415
    from ray.exceptions import GetTimeoutError, RayError  # noqa: PLC0415

    try:
        found = ray.get(handle.describe.remote(), timeout=seconds)
    except GetTimeoutError:
        bound = f"one whose actors answer within {seconds:.0f} s"
        raise BoundError("cluster", "no answer", bound) from None
    except RayError as error:
        # The last line of a remote error says what is missing, such as the package cliffscape.
        last = str(error).strip().splitlines()[-1][:300]
        raise BoundError("cluster", last, "one with Cliffscape installed on all machines") from None
    compare_versions(found)


def compare_versions(found: Mapping[str, str]) -> None:
    """Compare an actor's versions with those of this process.

    Raises:
        BoundError: they differ.
    """
    own = versions()
    for name, version in own.items():
        if found[name] != version:
            raise BoundError("cluster", f"{name} {found[name]}", f"one with the same {name} as here ({version})")
