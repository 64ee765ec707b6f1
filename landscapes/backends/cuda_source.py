"""A routine as CUDA: a thread per lane takes all its steps.

The state of a lane stays in registers, so a step costs its arithmetic and nothing else. As plain C the same text is a
loop over lanes, so that a machine without a GPU can test it.
"""

from collections.abc import Collection

from cliffscape.landscapes.backends.c_expressions import HEAD, Statements, variable
from cliffscape.landscapes.descent.batch import MOVING, Routine

FORM = "long long lanes, long long stride, long long steps, const real *shared, const real *own, real *columns"
ENTRY = f"""\
#ifdef __CUDACC_RTC__
extern "C" __global__ void advance({FORM}) {{
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
    written = Statements(routine, swept)
    columns = list(map(variable, routine.columns))
    shared = [name for name in routine.parameters if name not in swept]
    lines = [
        f"static void lane(long long at, {FORM.partition(', ')[2]}) {{",
        *(f"const real {variable(name)} = shared[{k}];" for k, name in enumerate(shared)),
        *(f"const real {variable(name)} = own[{k} * stride + at];" for k, name in enumerate(swept)),
        *written.common,
        *(f"real {name} = columns[{k} * stride + at];" for k, name in enumerate(columns)),
        "for (long long step = 0; step < steps; step++) {",
        *map(written.definition, written.work),
        # First all of them: one column's next value may be another column's present one.
        *(f"const real next{k} = {written.name(end)};" for k, end in enumerate(written.ends)),
        *(f"{name} = next{k};" for k, name in enumerate(columns)),
        f"if ({variable(MOVING)} == 0) break;" if MOVING in routine.columns else "",
        "}",
        *(f"columns[{k} * stride + at] = {name};" for k, name in enumerate(columns)),
        "}",
    ]
    return "\n".join([HEAD, *lines, ENTRY])
