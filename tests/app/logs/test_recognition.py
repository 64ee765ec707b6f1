"""Recognition of formats by content, and the sentences about files that have none."""

import io

import pytest

from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.reading import read_file
from cliffscape.app.logs.recognition import known_formats, recognise
from tests.app.logs.read_text import EXAMPLES, read_text

LINES = [
    "{'loss': 2.5, 'grad_norm': 1.5}",
    " iteration 1/ 9 | lm loss: 2.5 | grad norm: 1.5 |",
    "step: 1  loss:  2.5  grad_norm:  1.5",
    "step 1 | loss: 2.5 | lr 1e-3 | norm: 1.5",
    "s:1 trl:2.5 lr:0.1 norm:1.5",
    '| train | {"train_loss": "2.5", "train_gnorm": "1.5"}',
    '{"loss": 2.5, "grad_norm": 1.5}',
]


def label(text: str) -> str:
    """The format of a text."""
    return recognise(io.BytesIO(text.encode()), "log").label


@pytest.mark.parametrize("line", LINES)
def test_lines_of_other_programs_come_first(line: str) -> None:
    noise = ["Starting, with step and loss", '{"lr": 0.1, "config": {"seed": 1}}', "[1/3] epoch: 1, step: 2", ""]
    reading = read_text("\n".join(noise * 50 + [line] + noise))
    (run,) = reading.runs.values()
    assert (run.norms.tolist(), run.losses.tolist()) == ([1.5], [2.5])
    assert reading.log_format.label == label(line)


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_the_name_of_a_file_does_not_count(path: "object") -> None:
    if str(path).endswith(".md"):
        return
    content = EXAMPLES.joinpath(str(path)).read_bytes()
    assert (
        read_file(io.BytesIO(content), "x").log_format.label == read_file(io.BytesIO(content), "y.csv").log_format.label
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "log: expected a log with gradient norms, but the file is empty"),
        (b" \n\n", "log: expected a log with gradient norms, but the file is empty"),
        (b"hello\nworld\n", "log: expected a log in a format that is known. Known formats are "),
        (b"\x89PNG\r\n\x1a\n\0\0", "log: expected a log with gradient norms, but this is a binary file. Known formats"),
        (b"{'loss': 1.0}\n", "no line of this Hugging Face Trainer (standard output) log has one"),
        (b"step,loss\n1,2\n", "log: expected gradient norms, as in step,loss,grad_norm. no line of this CSV table log"),
        (b'{"loss": 1.0, "step": 2}', "no line of this JSON lines log has one"),
        (b'{"log_history": [{"loss": 1.0}]}', "no line of this Hugging Face Trainer (trainer_state.json) log has one"),
        (b"PK\x03\x04 and then nothing", "log: expected an archive that NumPy can read, which it is not"),
    ],
)
def test_files_that_cannot_be_used(content: bytes, said: str) -> None:
    with pytest.raises(LogError) as error:
        read_file(io.BytesIO(content), "log")
    assert said in str(error.value)


def test_known_formats_are_named() -> None:
    for name in ("Hugging Face Trainer", "Lightning", "Megatron-LM", "torchtitan", "nanoGPT", "llm.c", "fairseq"):
        assert name in known_formats()
    assert known_formats().endswith(" A log of your own can be a CSV table with the header step,loss,grad_norm.")
    for name in ("JSON lines", "MaxText", "Weights & Biases", "TensorBoard (CSV)", "event file", "Cliffscape"):
        assert name in known_formats()
