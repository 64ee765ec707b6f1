"""Stylesheets are joined to one."""

from pathlib import Path

from cliffscape.app.web.assets.sheets import join_sheets
from tests.source.files import ROOT


def test_a_stylesheet_holds_the_sheets_that_it_imports(tmp_path: Path) -> None:
    (tmp_path / "main.css").write_text('/* All. */\n@import "./page.css";\n@import "./map.css";\n', encoding="utf-8")
    (tmp_path / "page.css").write_text("body {}", encoding="utf-8")
    (tmp_path / "map.css").write_text("canvas {}\n", encoding="utf-8")
    assert join_sheets(tmp_path / "main.css") == b"/* All. */\nbody {}canvas {}\n"


def test_the_page_has_one_stylesheet_with_nothing_left_to_import() -> None:
    folder = ROOT / "static" / "css"
    found = join_sheets(folder / "main.css")
    assert b"@import" not in found
    assert all(sheet.read_bytes() in found for sheet in folder.glob("*.css") if sheet.name != "main.css")
