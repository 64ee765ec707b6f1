"""Assets: addresses depend on content."""

import os
from pathlib import Path

import pytest

from cliffscape.app.web.assets.folder import PLOTLY, Assets
from cliffscape.app.web.assets.modules import join_modules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some files."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "main.js").write_text("const a = 1;" * 50, encoding="utf-8")
    (tmp_path / "js" / "theme.js").write_text("const dark = true;", encoding="utf-8")
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
    found = assets.find(version(assets), "js/theme.js")
    assert found is not None
    assert found.body == (folder / "js" / "theme.js").read_bytes()
    assert found.type == "text/javascript; charset=utf-8"
    assert assets.main == f"{assets.address}/js/main.js"
    assert assets.find("other", "js/main.js") is None
    assert assets.find(version(assets), "../pyproject.toml") is None


def test_the_main_script_holds_the_modules_that_it_imports(folder: Path) -> None:
    rewrite(folder / "js" / "main.js", 'import { a } from "./a.js";\n')
    rewrite(folder / "js" / "a.js", "export const a = 1;\n")
    assets = Assets(folder)
    main, module = (assets.find(version(assets), f"js/{name}.js") for name in ("main", "a"))
    assert main is not None
    assert module is not None
    assert main.body == join_modules(folder / "js", "main.js")["main.js"].encode()
    assert module.body == b"export const a = 1;\n"


def test_plotly_is_served_as_it_was_published_behind_a_hint_to_compile_it_ahead(folder: Path) -> None:
    path = folder / PLOTLY
    path.parent.mkdir(parents=True)
    path.write_text("/* licence */", encoding="utf-8")
    assets = Assets(folder)
    found = assets.find(version(assets), PLOTLY)
    assert found is not None
    assert found.body == b"//# allFunctionsCalledOnLoad\n/* licence */"


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
