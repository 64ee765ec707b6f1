"""Formulas that several tests use."""

import torch
from hypothesis import strategies as st

from cliffscape.landscapes.formula.functions import FUNCTIONS

ROSENBROCK = "(1 - x)**2 + (10*(y - x**2))**2"
BEALE = "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2"
ONE_UNIT = "h = 0.5\nfor _ in range(T):\n    h = w*sigmoid(h) + b\n(sigmoid(h) - 0.7)**2"

# Formulas of two names that are smooth in the square from 0.3 to 1.3.
SMOOTH = [
    *("x + y", "x - 2*y", "x*y", "x/y", "x**2 + y**2", "x**3 - y**3", "x**0.5 + y", "x**y", "2**x + 0.5**y"),
    *("x**-1 + y**-2", "-x + +y", "x - -y", "(x + y)**4", "1/(1 + x*x + y*y)", "x*y**3/(2 + x)", "1/2*x + 3/4*y"),
    *("exp(x) + exp(-y)", "log(x) + log(y)", "sqrt(x*y)", "sin(x)*cos(y)", "tan(x)/(2 + y)", "tanh(x - y)"),
    *("sigmoid(3*x) - sigmoid(y)", "softplus(5*x - y)", "softplus(-20*x) + y", "relu(x + y)", "relu(-x) + y"),
    *("abs(x) + abs(-y)", "abs(x - 3*y - 5)", "minimum(x, y + 3)", "maximum(x*x, -y)", "maximum(x, 3)*y + x"),
    *("where(x < 3, x*y, 7)", "where(0 < x < 5, exp(x), y)", "where(x >= 3, x, y**2)", "where(1 != 2, x, 5) + y"),
    *("sum(x, y)", "sum(x, y, x*y, 3)", "sum(sin(x), cos(y), 1, 2, 3)", "sqrt(2)*x + exp(1)*y", "pi*x - y/pi"),
    *("1e3*x + 1.5e-3*y", "h = x\nh = h*y\nh**2", "h = 1\nh += x\nh *= y\nh -= 2\nh /= x\nh", "h = x\nh **= 2\nh + y"),
    *(ROSENBROCK, BEALE, ONE_UNIT, "s = 0\nfor k in range(4):\n    s = s + k*x**k\ns - y"),
    *(
        "h = x\nfor i in range(2):\n    for j in range(3):\n        h = sin(h + i*y) + j\nh",
        "u = x\nfor _ in range(n):\n    u *= v\nu/n",
    ),
    *("log(1 + exp(sin(x*y)))", "exp(-(x - 1)**2 - y**2)", "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"),
]
POINTS = 0.3 + torch.rand(64, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def expressions() -> st.SearchStrategy[str]:
    """Valid expressions of x, y and three constants."""
    leaf = st.sampled_from(["x", "y", "a", "c", "k", "1", "2.5", "0", "pi"])
    one = [name for name, function in FUNCTIONS.items() if function.least == 1]
    two = [name for name, function in FUNCTIONS.items() if function.least == 2]
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds("({}{}{})".format, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner),
            st.builds("{}({})".format, st.sampled_from(one), inner),
            st.builds("{}({}, {})".format, st.sampled_from(two), inner, inner),
            st.builds("where({} < {}, {}, -{})".format, inner, inner, inner, inner),
        ),
        max_leaves=8,
    )
