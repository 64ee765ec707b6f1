"""The last part of a script: the values of a Scene, the descent, and what is printed."""

from collections.abc import Callable, Iterator
from typing import Any

from cliffscape.app.exports.number_text import number_text
from cliffscape.app.runs.pair import RunName, shown_runs, stream_values
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.formula.formula import formula_of
from cliffscape.landscapes.formula.python_text import python_call
from cliffscape.landscapes.formula.typed_formula import formula, named_constants
from cliffscape.landscapes.loss import MINIBATCH
from cliffscape.landscapes.optimizers.curvature_products import gauss_newton_product, hessian_product
from cliffscape.landscapes.slices.gauss_newton import gauss_newton_on_slice
from cliffscape.landscapes.slices.plane import Slice
from cliffscape.landscapes.transform import Matrix

CONSTANT = "constant"
PLANE = """# The plane of the principal directions of a training run. It is written as numbers, because with other
# rounding, such as on another machine, the training can end elsewhere.
ORIGIN = {origin}

DIRECTIONS = {directions}"""
GRADIENT = '''def loss_and_gradient(theta):
    """The loss and its gradient at ``theta``."""
    point = theta.detach().requires_grad_()
    value = loss(point)
    (gradient,) = torch.autograd.grad(value, point)
    return value.detach(), gradient'''
RESULT = '''def result_of(work):
    """The result of a generator that yields between pieces of its work."""
    found = []

    def collect():
        found.append((yield from work))

    for _ in collect():
        pass
    return found[0]'''
MAIN = """if __name__ == "__main__":
    print("run,step,{place},loss")
    for name, clip in clips.items():
        for step, row in enumerate(descend(clip)):
            print(name, step, *row, sep=",")"""


def run_parts(scene: Scene, plane: Slice | None) -> Iterator[str]:
    """The Scene's values, the descent, and what is printed. The ``plane`` is that of a slice of a training run."""
    optimizer = scene.build("optimizer")
    if plane is not None:
        yield PLANE.format(origin=number_text(plane.origin), directions=number_text(plane.directions))
    elif scene.recurrent:
        yield RESULT
    yield "\n".join(
        [
            "# The runs.\n",
            f"START = {scene.resolved_start[: scene.surface.dimension]!r}",
            f"STEPS = {scene.steps}\n",
            *(network_lines(scene, plane) if scene.recurrent else []),
            f"loss = {loss_text(scene)}",
            f"optimizer = {with_matrix(scene, call(scene, 'optimizer'), optimizer.asks)}",
            *([f"schedule = {call(scene, 'schedule')}"] if scene.schedule.kind != CONSTANT else []),
            "clips = {",
            *(f'    "{run}": {clip_text(scene, run)},' for run in shown_runs(scene)),
            "}",
        ]
    )
    yield GRADIENT
    yield descent_text(scene)
    yield MAIN.format(place="x" if scene.surface.curve else "x,y")


def product_function(scene: Scene, asks: Matrix) -> Callable[..., Any]:
    """The function that multiplies by the matrix that an optimizer asks for."""
    if asks == "hessian":
        return hessian_product
    return gauss_newton_on_slice if scene.recurrent else gauss_newton_product


def with_matrix(scene: Scene, text: str, asks: Matrix | None) -> str:
    """The optimizer with the products of the matrix that it asks for."""
    if asks is None:
        return text
    product = product_function(scene, asks)
    subject = "subject, plane" if product is gauss_newton_on_slice else "loss"
    return f"with_products({text}, lambda theta: {product.__name__}({subject}, theta))"


def call(scene: Scene, family: str, first: str = "") -> str:
    """A call of the chosen entry of a family, with the chosen values."""
    values = {name: value for name, value in scene.parameters(family).items() if name != MINIBATCH}
    arguments = [*([first] if first else []), *(f"{name}={value!r}" for name, value in values.items())]
    return f"{scene.entry(family).function.__name__}({', '.join(arguments)})"


def network_lines(scene: Scene, plane: Slice | None) -> list[str]:
    """A network with its weights, its minibatch and its plane."""
    own = f"result_of({call(scene, 'slice', 'subject')})"
    return [
        f"net = Net({call(scene, 'cell')}, {call(scene, 'task')})",
        f"subject = {call(scene, 'landscape')}(net, {call(scene, 'initialisation')})",
        f"plane = {own if plane is None else f'Slice(ORIGIN, DIRECTIONS, {plane.axes!r})'}",
    ]


def loss_text(scene: Scene) -> str:
    """The loss as an expression."""
    if scene.recurrent:
        return "plane.loss(subject.loss)"
    surface, function = scene.surface, scene.surface.function.__name__
    if scene.landscape.kind == formula.__name__:
        known, chosen = formula_of(scene.landscape.text), scene.parameters("landscape")
        function = f"lambda theta: {python_call(known, chosen['repetitions'], named_constants(known, chosen))}"
    elif surface.parameters:
        function = f"lambda theta: {call(scene, 'landscape', 'theta')}"
    if surface.squares is not None:
        return f"SumOfSquares({function}, factor={surface.squares!r})"
    if not surface.examples:
        return function
    arguments = [function, f"count={surface.examples}", f"size={scene.parameters('landscape')[MINIBATCH]}"]
    if surface.mean is not None:
        own = call(scene, "landscape", "theta").partition("(")[2]
        arguments.append(f"mean=lambda theta: {surface.mean.__name__}({own}")
    return f"MeanLoss({', '.join(arguments)})"


def clip_text(scene: Scene, run: RunName) -> str:
    """The clip of a run as an expression."""
    text = "none()" if run == "without" else call(scene, "clip")
    if run == "with" and scene.build("clip").with_values is not None:
        # The random numbers of a run depend on all its values.
        text += f".with_values(\n        {stream_values(scene)!r}\n    )"
    if not scene.surface.examples:
        return text
    displacement = ", optimizer.displacement" if scene.build("optimizer").displacement else ""
    return f"over_minibatches(loss, {text}{displacement})"


def descent_text(scene: Scene) -> str:
    """The function that descends."""
    displaced, limited = scene.build("optimizer").displacement, scene.build("clip").limit
    lines = [
        "def descend(clip):",
        '    """The positions and the losses of a run: at the start, and after every step."""',
        "    theta = torch.tensor(START, dtype=torch.float64)",
        "    clip_state, optimizer_state = clip.init(theta), optimizer.init(theta)",
        "    rows = []",
        "    for step in range(STEPS + 1):",
        "        value, gradient = loss_and_gradient(theta)",
        "        rows.append((*theta.tolist(), value.item()))",
        *(["        _, gradient = loss_and_gradient(theta + optimizer.displacement(gradient))"] if displaced else []),
        "        gradient, clip_state = clip.update(gradient, clip_state, theta)",
        "        change, optimizer_state = optimizer.update(gradient, optimizer_state, theta)",
        *(
            ["        change = schedule(torch.full_like(theta[:1], step)) * change"]
            if scene.schedule.kind != CONSTANT
            else []
        ),
        *(["        if clip.limit is not None:", "            change = clip.limit(change)"] if limited else []),
        "        theta = theta + change",
        "    return rows",
    ]
    return "\n".join(lines)
