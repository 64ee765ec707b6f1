"""Asset: one file, compressed where that pays."""

import gzip
from pathlib import Path

import pytest

from cliffscape.app.web.assets.asset import accepts_gzip, read


def test_text_is_compressed_and_images_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("const a = 1;" * 50, encoding="utf-8")
    (tmp_path / "icon.png").write_bytes(b"\x89PNG")
    script, picture = read(tmp_path / "a.js"), read(tmp_path / "icon.png")
    compressed = script.compress()
    assert compressed is not None
    assert len(compressed) < len(script.body)
    assert gzip.decompress(compressed) == script.body
    assert script.compress() is compressed
    assert picture.compress() is None


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, GZIP;q=0.8", True),
        ("*", True),
        ("", False),
        ("br, identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
    ],
)
def test_compression_is_accepted_or_rejected(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted
