"""Third-party JavaScript: unchanged, with licence and source, and loaded only for a relief or an animation."""

import hashlib
import json
import re
from pathlib import Path, PurePosixPath

from cliffscape.app.web.assets.folder import PLOTLY, Assets
from tests.source import javascript
from tests.source.every_file import for_every
from tests.source.files import ROOT, SCRIPTS, short_path, text

FOLDER = ROOT / "static" / "vendor"
RECORDS = FOLDER / "packages.json"
PACKAGES = json.loads(RECORDS.read_text(encoding="utf-8"))
ADDRESS = re.compile(r'"((?:\.\./)+vendor/[^"]+)"')
LICENCES = {"MIT": "Permission is hereby granted, free of charge", "MPL-2.0": "Mozilla Public License Version 2.0"}


def test_files_have_their_recorded_hashes_and_there_are_no_others() -> None:
    recorded = {
        FOLDER / name / PurePosixPath(path).name: digest
        for name, package in PACKAGES.items()
        for path, digest in package["files"].items()
    }
    found = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in recorded}
    assert found == recorded
    assert {path for path in FOLDER.rglob("*") if path.is_file()} == {*recorded, RECORDS}


def test_every_package_has_version_source_and_licence() -> None:
    for name, package in PACKAGES.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["source"].startswith("https://")
        [licence] = (FOLDER / name).glob("LICENSE*")
        assert LICENCES[package["licence"]] in " ".join(text(licence).split())


@for_every(SCRIPTS)
def test_scripts_import_nothing_else_outside_of_their_folder(path: Path) -> None:
    for address in javascript.imports(text(path)):
        target = (path.parent / address).resolve()
        assert {ROOT / "static" / "js", FOLDER} & set(target.parents), address


@for_every(SCRIPTS)
def test_animations_alone_import_them(path: Path) -> None:
    addresses = ADDRESS.findall(text(path))
    assert not addresses or path.parent == ROOT / "static" / "js" / "views" / "animation", short_path(path)
    for address in addresses:
        assert (path.parent / address).is_file(), address


def test_the_page_does_not_load_them_when_it_opens() -> None:
    assets = Assets(ROOT / "static")
    script = assets.find(*assets.main.removeprefix("static/").split("/", 1))
    assert script is not None
    # None is in the page's script, which has about 400 KB.
    assert not any(word in script.body for word in (b"GIF89a", b"Vanilagy", b"Plotly, Inc."))


def test_browsers_take_them_as_scripts() -> None:
    assets = Assets(ROOT / "static")
    for name in ("gifenc/gifenc.esm.js", "mediabunny/mediabunny.min.mjs", PLOTLY.removeprefix("vendor/")):
        asset = assets.find(assets.address.removeprefix("static/"), f"vendor/{name}")
        assert asset is not None and asset.type == "text/javascript; charset=utf-8"
