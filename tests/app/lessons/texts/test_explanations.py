"""The facts of the catalogue's sentences: which texts there are, and what the file may contain."""

from pathlib import Path

import pytest

from cliffscape.app.lessons.coverage.gaps import text_gaps
from cliffscape.app.lessons.texts.explanations import EXPLANATIONS, catalogue_texts, read_explanations
from cliffscape.app.web.catalogue import catalogue
from cliffscape.landscapes.bound_error import BoundError

TABLES = EXPLANATIONS.read_text(encoding="utf-8")


def test_every_sentence_of_the_pages_controls_is_read() -> None:
    texts = {name: text for name, text, _ in catalogue_texts()}
    for family in ("landscape", "optimizer", "clip", "task"):
        for entry in catalogue()[family]:
            text = texts[f"{family}.{entry['kind']}"]
            notes = [note for name, note in entry["notes"].items() if name not in ("Formula", "Reference")]
            sentences = [one["sentence"] for one in entry["parameters"] if entry["kind"] != "model"]
            for said in [entry["summary"], *notes, *sentences, *entry.get("edges", {}).values()]:
                assert said in text


def test_a_number_without_a_fact_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "explanations.toml"
    path.write_text(TABLES.replace('says = "92 %"', 'says = "seeds leave", least = 90'), encoding="utf-8")
    [text] = [one for one in read_explanations(path) if one.place == "clip.by_norm_else_random"]
    assert [gap.words for gap in text_gaps(text)] == ["92"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[clip.zclip]", "[clip.zslip]", "got .'clip.zslip'"),
        ('"Keras 3"', '"Keras 99"', "got .'Keras 99'"),
        ("sqrt(1e-7)", 'sqrt(1e-7)", least = "a', "optimizer.rmsprop_keras: fact must be"),
    ],
)
def test_a_file_about_other_texts_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "explanations.toml"
    path.write_text(TABLES.replace(old, new), encoding="utf-8")
    with pytest.raises(BoundError, match=words):
        read_explanations(path)
