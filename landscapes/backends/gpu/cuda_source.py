"""A routine as CUDA: one thread per lane takes all steps of the lane.

The state of a lane stays in registers, so a step costs only its arithmetic. The same text compiled as plain C is a loop
over lanes, so that it can be tested without a GPU.
"""

from collections.abc import Collection

from cliffscape.landscapes.backends.c_expressions import HEAD, Statements, variable
from cliffscape.landscapes.descent.batch import MOVING, Routine

FORM = "long long lanes, long long stride, long long steps, const real *shared, const real *own, real *columns"
ENTRY = f"""\
#ifdef __CUDACC_RTC__
#ifndef BOUNDS
#define BOUNDS
#endif
extern "C" __global__ void BOUNDS advance({FORM}) {{
  const long long at = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (at < lanes) lane(at, stride, steps, shared, own, columns);
}}
#else
void advance({FORM}) {{
  for (long long at = 0; at < lanes; at++) lane(at, stride, steps, shared, own, columns);
}}
#endif
"""


def source(routine: Routine, swept: Collection[str] = ()) -> str:
    """``advance`` in CUDA's C++, with the signature of ``c_source.source``."""
    statements = Statements(routine, swept)
    columns = list(map(variable, routine.columns))
    shared = [name for name in routine.parameters if name not in swept]
    lines = [
        f"static void lane(long long at, {FORM.partition(', ')[2]}) {{",
        *(f"const real {variable(name)} = shared[{k}];" for k, name in enumerate(shared)),
        *(f"const real {variable(name)} = own[{k} * stride + at];" for k, name in enumerate(swept)),
        *statements.common,
        *(f"real {name} = columns[{k} * stride + at];" for k, name in enumerate(columns)),
        "for (long long step = 0; step < steps; step++) {",
        *map(statements.definition, statements.work),
        # All next values are computed first, since the next value of a column may be the present one of another.
        *(f"const real next{k} = {statements.name(output)};" for k, output in enumerate(statements.outputs)),
        *(f"{name} = next{k};" for k, name in enumerate(columns)),
        f"if ({variable(MOVING)} == 0) break;" if MOVING in routine.columns else "",
        "}",
        *(f"columns[{k} * stride + at] = {name};" for k, name in enumerate(columns)),
        "}",
    ]
    return "\n".join([HEAD, *lines, ENTRY])
