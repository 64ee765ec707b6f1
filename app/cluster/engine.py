"""The engine of a web process that computes nothing itself: actors of a cluster do."""

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from cliffscape.app.cluster.cluster_job import ClusterJob
from cliffscape.app.cluster.order import FramesOrder, Order, TaskOrder
from cliffscape.app.cluster.placement import Placement, placement, recipe_placement
from cliffscape.app.cluster.pool import Pool
from cliffscape.app.compute.admission import Admission
from cliffscape.app.compute.cache import SizedCache
from cliffscape.app.compute.job import NOBODY, BusyError, Sender
from cliffscape.app.frames.plan import PlannedFrame
from cliffscape.app.scene.kernel_recipe import Recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import Engine, Task, every, source_size, trace_kernel
from cliffscape.landscapes.backends.kernels import Kernel

T = TypeVar("T")


class ClusterEngine(Engine):
    """Sends work to the actors of ``pool``, and holds the frames and kernels that came back.

    A full queue, the bound of a client and lines of requests hold for the whole cluster, as they do for one worker.
    """

    # Ray takes a second or two to end its processes, which would otherwise outlive this one.
    last_seconds = 8.0

    def __init__(self, settings: Settings, pool: Pool) -> None:
        super().__init__(settings)
        self.pool = pool
        self.most = (settings.slots + settings.queue_length) * len(pool.places)
        self.admission: Admission[ClusterJob[Any]] = Admission(settings.client_requests)
        self.kernels: SizedCache[Kernel] = SizedCache(settings.kernel_bytes, source_size)
        self.jobs: set[ClusterJob[Any]] = set()
        self.counts = {"completed": 0, "cancelled": 0, "failed": 0}
        self._stopping = False

    @property
    def gpu(self) -> bool:
        """Whether the actors have GPUs."""
        return self.pool.gpu

    def start(self) -> None:
        """Accept work."""
        self._stopping = False

    def stop(self) -> None:
        """Accept no more work, and end all jobs."""
        self._stopping = True
        for job in [*self.jobs]:
            job.stop()

    def close(self) -> None:
        """End the actors."""
        self.pool.close()

    def end(self, seconds: float) -> None:
        """Nothing is left to end: processes of a local Ray end with this one."""

    def report(self) -> dict[str, Any]:
        """The actors, and the load of all of them."""
        actors = self.pool.report()
        load = {"active": len(self.jobs), "queued": 0, **self.counts}
        return {"device": "cluster", "threads": len(actors), "worker": load, "actors": actors}

    def drop(self, sender: Sender) -> None:
        """Stop the unfinished job of a sender's line."""
        self.admission.drop(sender)

    def frames(self, parts: Sequence[PlannedFrame], sender: Sender = NOBODY) -> ClusterJob[bytes]:
        """Compute ``parts`` of one Scene in order, on the actor whose caches serve them."""
        scene = parts[0].scene
        order = FramesOrder(placement(scene, [part.kind for part in parts]), scene, None, parts)
        return self._submit(order, self.deadline(parts), sender, self.store.put)

    def work(self, task: Task[T], sender: Sender = NOBODY, scene: Scene | None = None) -> ClusterJob[T]:
        """Do a task on an actor: the one that holds the training run of ``scene``, if it is given."""
        placed = placement(scene, ["training"]) if scene is not None else Placement(secrets.token_hex(8))
        return self._submit(TaskOrder(placed, scene, None, task), self.settings.long_deadline_seconds, sender)

    async def kernel(self, recipe: Recipe) -> Kernel:
        """The kernel of a recipe, from the cache or from an actor."""
        known = self.kernels.get(recipe)
        if known is None:
            order = TaskOrder(recipe_placement(recipe), None, None, partial(trace_kernel, recipe), 0)
            (known,) = await every(self._submit(order, self.settings.deadline_seconds, NOBODY))
            self.kernels.put(recipe, known)
        return known

    def _submit(
        self,
        order: Order,
        seconds: float,
        sender: Sender,
        store: Callable[[str, bytes], None] = lambda key, frame: None,
    ) -> ClusterJob[Any]:
        self.drop(sender)
        if self._stopping or len(self.jobs) >= self.most:
            raise BusyError
        self.admission.check(sender)
        job: ClusterJob[Any] = ClusterJob(self.pool, order, seconds, sender, self._finish, store)
        self.admission.begin(job)
        self.jobs.add(job)
        return job

    def _finish(self, job: ClusterJob[Any], how: str) -> None:
        """Free the place of a job that has ended."""
        self.counts[how] += 1
        self.jobs.discard(job)
        self.admission.end(job)
