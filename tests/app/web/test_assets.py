"""Assets: addresses depend on content."""

import gzip
import os
from pathlib import Path

import pytest

from cliffscape.app.web.assets import Assets, Plotly, accepts_gzip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "main.js").write_text("export const a = 1;" * 50, encoding="utf-8")
    (tmp_path / "page.css").write_text("body {}", encoding="utf-8")
    (tmp_path / "icon.png").write_bytes(b"\x89PNG")
    return tmp_path


def version(assets: Assets) -> str:
    """The version in the address."""
    return assets.address.removeprefix("static/")


def rewrite(path: Path, text: str) -> None:
    """Change a file and its modification time."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1, 1))


def test_files_are_found_under_the_version_of_their_content(folder: Path) -> None:
    assets = Assets(folder)
    found = assets.find(version(assets), "js/main.js")
    assert found is not None
    assert found.body == (folder / "js" / "main.js").read_bytes()
    assert found.type == "text/javascript; charset=utf-8"
    assert assets.modules == [f"{assets.address}/js/main.js"]
    assert assets.find("other", "js/main.js") is None
    assert assets.find(version(assets), "../pyproject.toml") is None


def test_modules_are_the_static_imports(folder: Path) -> None:
    (folder / "js" / "views").mkdir()
    main = 'import { a } from "./views/a.js";\nimport {\n  b,\n  c,\n} from "./views/b.js";\n'
    rewrite(folder / "js" / "main.js", main + 'const late = () => import("./views/late.js");\n')
    (folder / "js" / "views" / "a.js").write_text('import { d } from "../d.js";\nexport const a = d;', encoding="utf-8")
    (folder / "js" / "views" / "b.js").write_text('import { a } from "./a.js";', encoding="utf-8")
    (folder / "js" / "views" / "late.js").write_text('import { a } from "./a.js";', encoding="utf-8")
    (folder / "js" / "d.js").write_text("export const d = 1;", encoding="utf-8")
    assets = Assets(folder)
    names = ["d.js", "main.js", "views/a.js", "views/b.js"]
    assert assets.modules == [f"{assets.address}/js/{name}" for name in names]


def test_a_stylesheet_holds_the_sheets_that_it_imports(folder: Path) -> None:
    (folder / "main.css").write_text('/* All. */\n@import "./page.css";\n@import "./map.css";\n', encoding="utf-8")
    (folder / "map.css").write_text("canvas {}\n", encoding="utf-8")
    assets = Assets(folder)
    found = assets.find(version(assets), "main.css")
    assert found is not None
    assert found.body == b"/* All. */\nbody {}canvas {}\n"


def test_the_page_has_one_stylesheet_with_nothing_left_to_import() -> None:
    folder = Path(__file__).parents[3] / "static"
    assets = Assets(folder)
    found = assets.find(version(assets), "css/main.css")
    assert found is not None
    sheets = sorted(folder.glob("css/*.css"))
    assert b"@import" not in found.body
    assert all(sheet.read_bytes() in found.body for sheet in sheets if sheet.name != "main.css")


def test_the_address_depends_on_the_content_only(folder: Path) -> None:
    before = Assets(folder).address
    assert Assets(folder).address == before
    rewrite(folder / "page.css", "body { color: red }")
    assert Assets(folder).address != before


def test_files_are_read_again_only_on_request(folder: Path) -> None:
    fixed, live = Assets(folder), Assets(folder, reload=True)
    before = fixed.address
    rewrite(folder / "page.css", "body { color: red }")
    assert fixed.address == before != live.address
    found = live.find(version(live), "page.css")
    assert found is not None
    assert found.body == b"body { color: red }"


def test_text_is_compressed_and_images_are_not(folder: Path) -> None:
    assets = Assets(folder)
    script, picture = (assets.find(version(assets), name) for name in ("js/main.js", "icon.png"))
    assert script is not None
    assert picture is not None
    compressed = script.compress()
    assert compressed is not None
    assert len(compressed) < len(script.body)
    assert gzip.decompress(compressed) == script.body
    assert script.compress() is compressed
    assert picture.compress() is None


def test_plotly_comes_from_the_package() -> None:
    assert Plotly.version in Plotly.address
    body = (Plotly().prepare()).body
    assert f"plotly.js v{'.'.join(body[:200].decode().split(' v')[1].split('.')[:1])}" in body[:200].decode()
    assert len(body) > 1_000_000


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
