"""Logs in the style of nanoGPT, and those of llm.c."""

from math import inf

from tests.app.logs.read_text import assert_run, only_run, read_example


def test_lines_of_the_training_loop() -> None:
    reading = read_example("nanogpt.txt")
    assert reading.log_format.label == "nanoGPT style"
    rates = [8.3916e-07, 1.6783e-06, 2.5175e-06]
    assert_run(only_run(reading), [0, 1, 2], [15.366, 14.5, inf], [10.955029, 10.908725, 10.85], rates)


def test_standard_output_of_llm_c() -> None:
    """Its numbers are followed by their deviation from earlier ones, such as (+2.5z)."""
    reading = read_example("llmc_output.txt")
    assert_run(only_run(reading), [1, 2], [15.25, 14.75], [11.00988, 10.96652], [8.57e-07, 1.71e-06])


def test_the_log_file_of_llm_c() -> None:
    reading = read_example("llmc_main.log")
    assert reading.log_format.label == "llm.c (main.log)"
    assert_run(only_run(reading), [1, 2], [15.25, 14.75], [11.0099, 10.9665], [1e-6, 2e-6])
