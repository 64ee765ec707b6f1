"""Scenes whose runs end in every way, for tests of verdicts."""

import functools

from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import Summary, summary
from cliffscape.app.scene.links import from_query, parse_link
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.descent.descend import Record

LINKS = [
    "",
    "steps=1",
    "start=4.6,-1.7&optimizer.learning_rate=2",
    "optimizer.learning_rate=0.7&start=4.9,-2.45&clip.threshold=0.5",
    "optimizer.learning_rate=1e-6",
    "clip.threshold=1e-6",
    "optimizer.learning_rate=1e-4&steps=500",
    "clip=by_value&steps=300",
    "clip=random_step&steps=100",
    "clip=step_by_norm",
    "optimizer=adam",
    "optimizer=adam&optimizer.learning_rate=10",
    "optimizer=momentum&steps=200",
    "schedule=cosine",
    "schedule=step_decay&optimizer.learning_rate=2",
    "landscape=saddle&start=0,0",
    "landscape=saddle&start=0.5,0.5",
    "landscape=saddle&optimizer=newton&start=0.57735026918962576,1",
    "landscape=saddle&optimizer=newton_saddle_free&start=0.1,0.1",
    "landscape=rosenbrock&optimizer.learning_rate=0.0001&clip.threshold=0.2&start=2,-1",
    "landscape=rosenbrock&optimizer.learning_rate=0.01",
    "landscape=rosenbrock&optimizer.learning_rate=1e-6&clip=none",
    "landscape=rosenbrock&optimizer=newton",
    "landscape=himmelblau&optimizer.learning_rate=0.02",
    "landscape=himmelblau&optimizer.learning_rate=0.05&schedule=cosine",
    "landscape=himmelblau&optimizer.learning_rate=0.2&start=4,4",
    "landscape=beale&optimizer.learning_rate=0.1",
    "landscape=beale&start=4,4",
    "landscape=tanh_chain&optimizer.learning_rate=10&steps=200&landscape.sequence_length=10",
    "landscape=tanh_chain",
    "landscape=large_example&optimizer.learning_rate=10&clip=none",
    "landscape=large_example&optimizer.learning_rate=0.5&steps=100",
    "landscape=opposed_example&steps=200",
    "landscape=outlier&optimizer=adamw&optimizer.learning_rate=10",
    "landscape=outlier&steps=300&clip.threshold=0.1&optimizer.learning_rate=1",
    "landscape=outlier&steps=300&clip.threshold=1&optimizer.learning_rate=0.5&landscape.minibatch_size=3",
    "landscape=heavy_tails&clip=by_norm&steps=200&optimizer.learning_rate=0.5",
    "landscape=wall_and_floor&optimizer.learning_rate=0.1",
    "landscape=wall_and_floor&optimizer=newton_damped",
    "landscape=slope_with_drop",
    "landscape=ravine&optimizer.learning_rate=0.05",
    "landscape=ravine&optimizer.learning_rate=0.11",
    "landscape=repeated_composition&steps=100",
    "landscape=repeated_composition&optimizer.learning_rate=0.01",
    "landscape=product_of_weights&optimizer.learning_rate=0.03&clip.threshold=1&steps=100",
    "landscape=product_of_weights&optimizer=newton",
    "landscape=product_of_weights&optimizer=gauss_newton&start=0,0",
    "landscape=product_of_weights&landscape.repetitions=1&landscape.target=0.75&optimizer=newton&start=1,0.25",
    "landscape=product_of_weights&landscape.repetitions=10&window=-1e6,1e6,-1e6,1e6&start=1e6,1e6&steps=5"
    "&clip=by_norm_pytorch_error&clip.threshold=1",
    "landscape=product_of_weights&landscape.repetitions=10&window=-1e6,1e6,-1e6,1e6&start=1e6,1e6&clip=skip_nonfinite",
    "landscape=linear_recurrence&landscape.sequence_length=100&window=-10,50,-30,30&steps=12&start=36,0"
    "&optimizer.learning_rate=1&clip=by_norm_else_random&clip.threshold=10&clip.seed=10",
    "landscape=linear_recurrence&landscape.sequence_length=100&window=-10,50,-30,30&start=36,0&clip=skip_nonfinite",
    "landscape=linear_recurrence&steps=200&optimizer.learning_rate=0.5",
    "landscape=linear_recurrence&clip=by_norm_else_shrink&steps=100",
    "landscape=vanishing_direction",
    "landscape=rastrigin&optimizer=adam&optimizer.learning_rate=0.01",
    "landscape=rastrigin&optimizer.learning_rate=0.01",
    "landscape=rastrigin&optimizer.learning_rate=0.005&steps=300&start=0.4,0.4",
    "landscape=ackley&optimizer.learning_rate=0.1",
    "landscape=styblinski_tang&optimizer.learning_rate=0.05",
    "landscape=styblinski_tang&optimizer.learning_rate=0.2",
    "landscape=booth&optimizer.learning_rate=0.2",
    "landscape=booth&optimizer.learning_rate=0.01&steps=300",
    "landscape=booth&optimizer=sign_descent&optimizer.learning_rate=0.5",
    "landscape=booth&clip=zclip",
    "landscape=booth&clip=autoclip_window&optimizer.learning_rate=0.05",
]


def scene_of(link: str) -> Scene:
    """The Scene of a link."""
    return from_query(parse_link(link)[0])


@functools.cache
def runs_of(link: str) -> dict[RunName, tuple[Record, Summary]]:
    """The runs of a link with their summaries; three files of tests look at the same ones."""
    scene = scene_of(link)
    return {run: (record, summary(scene, record, run)) for run, record in run_scene(scene).items()}
