"""Files of landscapes with an error each, and the sentence about it."""

GOOD = """from typing import Annotated

import torch

from cliffscape import Range, landscape


@landscape(windows={"whole": (-3, 3, -2, 2)}, start=(2.5, 1.5))
def own_loss(theta, depth: Annotated[float, Range(0.1, 10)] = 2.0):
    '''A valley.

    Args:
        depth: How deep it is.
    '''
    x, y = theta.unbind(-1)
    return x**2 / 4 + depth * y**2
"""
CURVE = """from typing import Annotated

from cliffscape import Range, landscape


@landscape(axes=("w",), windows={"whole": (-3, 3)}, start=2.5, minima=lambda **_: (-1,), height="linear")
def own_curve(theta, depth: Annotated[float, Range(0.1, 10)] = 2.0):
    '''Two wells on a line, the left one deeper.

    Args:
        depth: How deep they are.
    '''
    (w,) = theta.unbind(-1)
    return depth * (w**2 - 1) ** 2 + (w + 1) ** 2
"""
BODY = "    x, y = theta.unbind(-1)\n    return x**2 / 4 + depth * y**2\n"


def with_body(*lines: str) -> str:
    """The file with another body; its first line is line 15."""
    return GOOD.replace(BODY, "".join(f"    {line}\n" for line in lines))


SHAPE = "mine.py, line 8: the loss of own_loss for theta of shape"
# A name, the content of the file, and the sentence.
BAD_FILES = {
    "a name that is not defined": (
        GOOD + "\nsize = missing + 1\n",
        "mine.py, line 18: NameError: name 'missing' is not defined",
    ),
    "no Python": (GOOD.replace("return x", "return = x"), "mine.py, line 16: SyntaxError: invalid syntax"),
    "bytes that are no text": (b"a = '\xff'\n", "mine.py, line 1: SyntaxError: (unicode error)"),
    "no landscape": ("a = 1\n", "mine.py has no landscape: decorate a function with @landscape(...)"),
    "a module that is missing": (
        GOOD + "import no_such_module\n",
        "mine.py, line 17: ModuleNotFoundError: No module named",
    ),
    "a kind of the catalogue": (
        GOOD.replace("own_loss", "rosenbrock"),
        "mine.py, line 8: ValueError: landscape rosenbrock is declared twice",
    ),
    "the kind of networks": (
        GOOD.replace("own_loss", "recurrent_network"),
        "mine.py, line 8: the name of a landscape must be one that the catalogue does not have, got recurrent_network",
    ),
    "no docstring": (
        GOOD.replace("'''A valley.", "_ = '''A valley."),
        "mine.py, line 8: ValueError: own_loss needs a docstring: the page shows it",
    ),
    "an argument without a range": (
        GOOD.replace("Annotated[float, Range(0.1, 10)]", "float"),
        "mine.py, line 8: TypeError: own_loss.depth needs Annotated[float, int or str, Range(...)] and a default",
    ),
    "an argument without a sentence": (
        GOOD.replace("depth: How", "width: How"),
        "mine.py, line 8: TypeError: own_loss.depth needs a line in the docstring's Args",
    ),
    "a group that does not exist": (
        GOOD.replace("start=", "group='Mine', start="),
        "mine.py, line 8: group must be one of Cliffs, Vanishing, Minibatches, Test functions, Formulas, "
        "Recurrent networks, Yours, got Mine",
    ),
    "a field that does not exist": (
        GOOD.replace("start=", "colour='red', start="),
        "mine.py, line 8: TypeError: Landscape.__init__() got an unexpected keyword argument 'colour'",
    ),
    "a range that is reversed": (
        GOOD.replace("Range(0.1, 10)", "Range(10, 0.1)"),
        "mine.py, line 8: the range of own_loss.depth must be its lowest and its highest value, in this order, "
        "got 10, 0.1",
    ),
    "a logarithm of 0": (
        GOOD.replace("Range(0.1, 10)", "Range(0, 10, log=True)"),
        "mine.py, line 8: the range of own_loss.depth must be positive, because its scale is logarithmic, got 0, 10",
    ),
    "a default outside its range": (
        GOOD.replace("= 2.0):", "= 20.0):"),
        "mine.py, line 8: the default of own_loss.depth must be from 0.1 to 10, as its range says, got 20.0",
    ),
    "a window that is reversed": (
        GOOD.replace("(-3, 3,", "(3, -3,"),
        "mine.py, line 8: window 'whole' must be left, right, bottom and top, in this order, got 3, -3, -2, 2",
    ),
    "a start outside": (
        GOOD.replace("(2.5, 1.5)", "(3.5, 1.5)"),
        "mine.py, line 8: the start of own_loss must be inside one of its windows, got 3.5, 1.5",
    ),
    "a minimum that is no point": (
        GOOD.replace("start=", "minima=lambda **_: (0.0, 0.0), start="),
        "mine.py, line 8: start and minima of own_loss must be tuples of two numbers, got 0.0",
    ),
    "a loss that takes one point": (
        with_body("x, y = theta", "return x**2 + y**2"),
        "mine.py, line 15: ValueError: too many values to unpack (expected 2",
    ),
    "a loss of another shape": (
        with_body("return (theta**2).sum()"),
        f"{SHAPE} (5, 2) must be of shape (5,), one number for every point, got shape ()",
    ),
    "a loss that is a number": (
        with_body("return 1.0"),
        f"{SHAPE} (2,) must be a tensor, got float",
    ),
    "a loss in float32": (
        with_body("return (theta.float() ** 2).sum(-1)"),
        f"{SHAPE} (2,) must be of type torch.float64, as theta is, got torch.float32",
    ),
    "a loss without a gradient": (
        with_body("return torch.floor(theta).detach().sum(-1)"),
        "mine.py, line 8: the loss of own_loss must be computed from theta with operations that autograd can "
        "differentiate, got a result without a gradient",
    ),
    "a loss in NumPy": (
        with_body("import numpy", "return torch.from_numpy(numpy.square(theta.numpy())).sum(-1)"),
        "mine.py, line 16: RuntimeError: Can't call numpy() on Tensor that requires grad. Use "
        "tensor.detach().numpy() instead.",
    ),
    "an operation without a gradient": (
        with_body("return torch.special.zeta(theta.abs() + 2, torch.ones_like(theta)).sum(-1)"),
        "mine.py, line 8: NotImplementedError: the derivative for 'zeta' is not implemented.",
    ),
    "a loss that depends on other points": (
        with_body("return ((theta - theta.mean(0)) ** 2).sum(-1) if theta.dim() > 1 else (theta**2).sum(-1)"),
        "mine.py, line 8: the loss of own_loss must be the same for a point alone and in a batch, which gives",
    ),
    "a loss of random numbers": (
        with_body("return (theta**2).sum(-1) + torch.rand(()).double()"),
        "mine.py, line 8: the loss of own_loss must be the same for a point alone and in a batch, which gives",
    ),
    "a parameter that cannot differ from point to point": (
        with_body("import math", "return (theta**2).sum(-1) * math.exp(depth)"),
        "mine.py, line 16: ",
    ),
    "an error for some points": (
        with_body("assert (theta > -3).all(), 'too far\\nleft'", "return (theta**2).sum(-1)"),
        "mine.py, line 15: AssertionError: too far left",
    ),
    "an exit": (GOOD + "raise SystemExit(3)\n", "mine.py, line 17: SystemExit: 3"),
    "a window with a height for one parameter": (
        CURVE.replace("(-3, 3)", "(-3, 3, -1, 1)"),
        "mine.py, line 6: window 'whole' must be left and right, in this order, because the loss has one parameter",
    ),
    "a start with two numbers for one parameter": (
        CURVE.replace("start=2.5", "start=(2.5, 1)"),
        "mine.py, line 6: start and minima of own_curve must be numbers, because the loss has one parameter, got (2.5",
    ),
    "a window without a height for two parameters": (
        GOOD.replace("(-3, 3, -2, 2)", "(-3, 3)"),
        "mine.py, line 8: window 'whole' must be left, right, bottom and top, in this order",
    ),
    "three parameters": (
        GOOD.replace("start=", "axes=('x', 'y', 'z'), start="),
        "mine.py, line 8: the axes of own_loss must be a tuple of one or two names, such as ('x',)",
    ),
}
