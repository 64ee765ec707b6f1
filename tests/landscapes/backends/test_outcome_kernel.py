"""The kernel of verdicts equals the rules that it is traced from."""

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.outcome_kernel import outcome_kernel
from cliffscape.landscapes.descent.descend import Record
from cliffscape.landscapes.descent.details import add_details, details_of, initial_details
from cliffscape.landscapes.descent.outcome import OUTCOMES, place
from cliffscape.landscapes.descent.verdict import Circumstances, conclude
from tests import node
from tests.landscapes.descent.test_details import EDGES, RECORDS
from tests.landscapes.descent.test_verdict import CASES, PLACES, circumstances
from tests.reference import tensor


@pytest.mark.parametrize("record", RECORDS)
def test_the_kernel_adds_the_same_rows(record: Record) -> None:
    details, given, expected = initial_details(record.position[0]), [], []
    for row in zip(*record, strict=True):
        numbers = torch.stack(list(details.tensors().values()))
        given.append(torch.cat([numbers, row[0], torch.stack([*row[1:], *EDGES])]))
        details = add_details(details, Record(*row), *EDGES)
        expected.append(torch.stack(list(details.tensors().values())))
    call = node.Call(outcome_kernel().source, "add_row", torch.stack(given), results=len(expected[0]))
    assert torch.equal(node.run([call])[0].nan_to_num(-7.0), torch.stack(expected).nan_to_num(-7.0))


def numbers(found: dict[str, Tensor]) -> Tensor:
    """Numbers by name as one vector."""
    return torch.stack(list(found.values()))


def test_the_kernel_concludes_the_same() -> None:
    kernel = outcome_kernel()
    runs = [(run, circumstances(steps=len(run.loss) - 1, diagonal=1.0)) for run in RECORDS]
    given, expected, names = [], [], []
    for run, about in [*runs, *((run, about) for run, about, *_ in CASES)]:
        details = details_of(run, about.solved, about.diagonal)
        given.append(torch.cat([numbers(details.tensors()), run.position[-1], run.loss[-1:], torch.stack(about)]))
        found = conclude(details, run.position[-1], run.loss[-1], about)
        names = list(found)
        expected.append(numbers(found))
    corners = torch.stack([tensor([*case[:2], 2.0, 2.0]) for case in PLACES])
    where = [place(*case) for case in corners]
    lists = {
        "facts": names,
        "places": list(where[0]),
        "outcomes": list(OUTCOMES),
        "circumstances": list(Circumstances._fields),
    }
    for name, listed in lists.items():
        quoted = ", ".join(f'"{one}"' for one in listed)
        assert f"export const {name} = [{quoted}];" in kernel.source
    calls = [
        node.Call(kernel.source, "conclude", torch.stack(given), results=len(names)),
        node.Call(kernel.source, "place", corners, results=len(where[0])),
    ]
    concluded, placed = node.run(calls)
    assert torch.equal(concluded.nan_to_num(-7.0), torch.stack(expected).nan_to_num(-7.0))
    assert torch.equal(placed, torch.stack([numbers(one) for one in where]))
