"""The results of a study: rows and counted seeds."""

import csv
import io
import json

from cliffscape.app.training_studies.results import to_csv, to_json
from cliffscape.app.training_studies.study import Study, Training
from cliffscape.landscapes.analysis.share_interval import wilson_interval
from tests.app.training_studies.small_studies import state_of

FINISHED = {
    Training(9, 0.1, None, 0): state_of(30, diverged_at=21),
    Training(9, 0.1, None, 1): state_of(30),
    Training(9, 0.1, 0.5, 0): state_of(20, solved_after=20),
    Training(9, 0.1, 0.5, 1): state_of(10, solved_after=10),
}


def test_a_row_for_each_training() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(FINISHED).decode())))
    assert [(row["run"], row["threshold"], row["seed"], row["solved_after"]) for row in rows] == [
        ("without", "nan", "0", "nan"),
        ("without", "nan", "1", "nan"),
        ("with", "0.5", "0", "20.0"),
        ("with", "0.5", "1", "10.0"),
    ]
    assert (rows[0]["updates"], rows[0]["diverged_at"], rows[0]["largest_gradient_norm"]) == ("30", "21.0", "3.0")


def test_the_summary_counts_solved_seeds_with_their_interval() -> None:
    found = json.loads(to_json(Study((9,), (0.5,), (0.1,), 2, 30), FINISHED))
    assert (found["trainings"], found["finished"], found["options"]["updates"]) == (4, 4, 30)
    without, clipped = found["combinations"]
    assert without == {
        "length": 9,
        "learning_rate": 0.1,
        "threshold": None,
        "seeds": 2,
        "solved": 0,
        "interval": [*wilson_interval(0, 2)],
        "diverged": 1,
        "median_solved_after": None,
    }
    assert (clipped["solved"], clipped["interval"], clipped["median_solved_after"]) == (2, [*wilson_interval(1, 2)], 15)
