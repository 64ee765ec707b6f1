"""The engine of a web process that computes nothing itself: actors of a cluster do."""

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from cliffscape.app.cluster.cluster_job import ClusterJob
from cliffscape.app.cluster.frames_job import FramesJob, StoredFrame
from cliffscape.app.cluster.order import FramesOrder, PartOrder, TaskOrder
from cliffscape.app.cluster.placement import Placement, part_placement, placement, recipe_placement
from cliffscape.app.cluster.pool import Pool
from cliffscape.app.cluster.shared_division import DivisionResults, SharedDivision
from cliffscape.app.compute.admission import Admission
from cliffscape.app.compute.cache import SizedCache
from cliffscape.app.compute.job import NOBODY, BusyError, Results, Sender
from cliffscape.app.compute.workspace import cells_size
from cliffscape.app.frames.division.stage import Actors, StagePart, TrainedSeeds
from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import PlannedFrame
from cliffscape.app.scene.kernel_recipe import Recipe
from cliffscape.app.scene.schema import Scene
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import Engine, Task, every, source_size, trace_kernel
from cliffscape.landscapes.backends.kernels import Kernel

T = TypeVar("T")
AnyJob = ClusterJob[Any] | FramesJob
J = TypeVar("J", bound=AnyJob)
Finish = Callable[[AnyJob, str], None]
# Cells of outcome maps, which the next finer map of a Scene uses: those of a map of 513 by 513 cells are 22 MB.
CELL_BYTES = 128 << 20


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
        self.admission: Admission[AnyJob] = Admission(settings.client_requests)
        self.actors = Actors(len(pool.places), pool.gpu)
        self.cells: SizedCache[Any] = SizedCache(CELL_BYTES, cells_size)
        self.divisions: dict[str, SharedDivision] = {}
        self.kernels: SizedCache[Kernel] = SizedCache(settings.kernel_bytes, source_size)
        self.jobs: set[AnyJob] = set()
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

    def frames(self, parts: Sequence[PlannedFrame], sender: Sender = NOBODY) -> AnyJob:
        """Compute ``parts`` of one Scene in order: each on the actor whose caches serve it, or divided over all."""
        seconds = self.deadline(parts)
        if any(KINDS[part.kind].divide for part in parts):
            return self._submit(sender, lambda: FramesJob(parts, self._begin, seconds, sender, self._finish))
        return self._submit(sender, lambda: self._frames_job(parts, seconds, sender, self._finish))

    def _begin(self, parts: Sequence[PlannedFrame], seconds: float) -> tuple[Results[bytes], int]:
        """Begin with the first of ``parts``, and with those that the same actor computes after it."""
        stored = self.store.get(parts[0].key)
        if stored is not None:
            # Another request has computed it meanwhile.
            return StoredFrame(stored), 1
        shared = self._division(parts[0])
        if shared is not None:
            return DivisionResults(shared), 1
        count = next((k for k in range(1, len(parts)) if self._division(parts[k]) is not None), len(parts))
        return self._frames_job(parts[:count], seconds, NOBODY, no_end), count

    def _frames_job(
        self, parts: Sequence[PlannedFrame], seconds: float, sender: Sender, finish: Finish
    ) -> ClusterJob[bytes]:
        """A job for frames that one actor computes."""
        scene = parts[0].scene
        order = FramesOrder(placement(scene, [part.kind for part in parts]), TrainedSeeds(scene), None, parts)
        return ClusterJob(self.pool, order, seconds, sender, finish, self.store.put)

    def _division(self, part: PlannedFrame) -> SharedDivision | None:
        """The division of a frame, in progress or not yet begun; None if it is not worth it."""
        known = self.divisions.get(part.key)
        if known is not None and not known.over:
            return known
        divide = KINDS[part.kind].divide
        if divide is None:
            return None
        division = divide(part.scene, part.level, part.key, self.actors, self.cells)
        if division is None:
            return None
        begin = partial(self._part_job, part)
        seconds, put = self.deadline([part]), partial(self.store.put, part.key)
        found = SharedDivision(division, begin, self.actors.count, seconds, put, self._forget_divisions)
        self.divisions[part.key] = found
        return found

    def _forget_divisions(self) -> None:
        """Drop the divisions that are over."""
        self.divisions = {key: one for key, one in self.divisions.items() if not one.over}

    def _part_job(self, frame: PlannedFrame, part: StagePart, seconds: float) -> ClusterJob[Any]:
        """A job for a part of a frame. The request for the frame has been counted."""
        order = PartOrder(part_placement(part, frame.scene, frame.kind), part.trained, None, part, frame.key)
        return ClusterJob(self.pool, order, seconds, NOBODY, no_end)

    def work(self, task: Task[T], sender: Sender = NOBODY, scene: Scene | None = None) -> ClusterJob[T]:
        """Do a task on an actor: the one that holds the training run of ``scene``, if it is given."""
        placed = placement(scene, ["training"]) if scene is not None else Placement(secrets.token_hex(8))
        order = TaskOrder(placed, TrainedSeeds(scene) if scene is not None else None, None, task)
        return self._task_job(order, self.settings.long_deadline_seconds, sender)

    async def kernel(self, recipe: Recipe) -> Kernel:
        """The kernel of a recipe, from the cache or from an actor."""
        known = self.kernels.get(recipe)
        if known is None:
            order = TaskOrder(recipe_placement(recipe), None, None, partial(trace_kernel, recipe), 0)
            (known,) = await every(self._task_job(order, self.settings.deadline_seconds, NOBODY))
            self.kernels.put(recipe, known)
        return known

    def _task_job(self, order: TaskOrder, seconds: float, sender: Sender) -> ClusterJob[Any]:
        return self._submit(sender, lambda: ClusterJob[Any](self.pool, order, seconds, sender, self._finish))

    def _submit(self, sender: Sender, create: Callable[[], J]) -> J:
        """Count a new job, if there is a free place for it."""
        self.drop(sender)
        if self._stopping or len(self.jobs) >= self.most:
            raise BusyError
        self.admission.check(sender)
        job = create()
        self.admission.begin(job)
        self.jobs.add(job)
        return job

    def _finish(self, job: AnyJob, how: str) -> None:
        """Free the place of a job that has ended."""
        self.counts[how] += 1
        self.jobs.discard(job)
        self.admission.end(job)


def no_end(job: AnyJob, how: str) -> None:
    """What is done at the end of a job that another one has begun: nothing."""
