"""Joined modules: a script works like the modules it contains, and asks for no other file."""

import re
import subprocess
from pathlib import Path

import pytest

from cliffscape.app.web.assets.modules import join_modules
from tests.node import executable
from tests.source.files import ROOT

SCRIPTS = ROOT / "static" / "js"
# Comments out, so that texts of comments are not read as code.
COMMENT = re.compile(r"^\s*//.*$|/\*.*?\*/", re.M | re.S)


def write(folder: Path, files: dict[str, str]) -> None:
    """Write modules into a folder."""
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, encoding="utf-8")


def test_a_script_does_what_its_modules_do(tmp_path: Path) -> None:
    write(
        tmp_path / "js",
        {
            "main.js": (
                'import { first, second as other } from "./views/first.js";\n'
                'import {\n  order,\n  Counter,\n} from "./order.js";\n'
                'const later = () => import("./views/later.js");\n'
                "order.push(`main ${first()} ${other} ${[...new Counter().count()]}`);\n"
                "later().then(({ late }) => console.log(JSON.stringify([...order, late])));\n"
            ),
            "order.js": (
                "export const order = [];\nconst first = 3;\n"
                "export class Counter {\n  *count() {\n    yield first;\n  }\n}\n"
            ),
            "views/first.js": (
                'import { order } from "../order.js";\n'
                'export function first() {\n  return "first";\n}\nexport const second = 2;\norder.push("views");\n'
            ),
            "views/later.js": (
                'import { order } from "../order.js";\norder.push("later");\n'
                "export const late = wait();\nexport async function wait() {}\n"
            ),
        },
    )
    (script,) = join_modules(tmp_path / "js", "main.js").values()
    (tmp_path / "joined.mjs").write_text(script, encoding="utf-8")
    (tmp_path / "js" / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    plain, joined = (
        subprocess.check_output([executable(), tmp_path / name], text=True) for name in ("js/main.js", "joined.mjs")
    )
    assert joined == plain == '["views","main first 2 3","later",{}]\n'


def test_workers_are_scripts_of_their_own(tmp_path: Path) -> None:
    start = 'new Worker(new URL("worker.js", import.meta.url), { type: "module" })'
    write(
        tmp_path,
        {
            "main.js": 'import { start } from "./api/pool.js";\nstart();\n',
            "api/pool.js": f"export function start() {{\n  return {start};\n}}\n",
            "api/worker.js": 'import { a } from "../a.js";\nconsole.log(a);\n',
            "a.js": "export const a = 1;\n",
        },
    )
    served = join_modules(tmp_path, "main.js")
    assert list(served) == ["main.js", "api/worker.js"]
    assert 'new Worker(new URL("./api/worker.js", import.meta.url), { type: "module" })' in served["main.js"]
    assert '"a.js"' in served["api/worker.js"]
    assert '"a.js"' not in served["main.js"]
    assert 'new Worker("worker:api/worker.js")' in join_modules(tmp_path, "main.js", '"worker:{}"'.format)["main.js"]


def test_libraries_outside_the_folder_are_imported_as_they_are(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "js/main.js": 'import { load } from "./views/film.js";\nload();\n',
            "js/views/film.js": (
                'import { encode as write } from "../../vendor/encoder.mjs";\n'
                'export const load = async () => console.log(write((await import("../../vendor/muxer.mjs")).name));\n'
            ),
            "vendor/encoder.mjs": "export function encode(text) {\n  return text.length;\n}\n",
            "vendor/muxer.mjs": 'const name = "mux";\nexport { name };\n',
        },
    )
    (script,) = join_modules(tmp_path / "js", "main.js").values()
    assert 'import * as library0 from "./../vendor/encoder.mjs";' in script
    (tmp_path / "js" / "joined.mjs").write_text(script, encoding="utf-8")
    assert subprocess.check_output([executable(), tmp_path / "js" / "joined.mjs"], text=True) == "3\n"


def test_a_library_may_have_unchecked_types(tmp_path: Path) -> None:
    load = 'const load = () => import(/** @type {any} */ ("../vendor/muxer.mjs"));\nload();\n'
    write(tmp_path, {"js/main.js": load})
    assert 'const load = () => import("./../vendor/muxer.mjs");' in join_modules(tmp_path / "js", "main.js")["main.js"]


@pytest.mark.parametrize(
    "line", ["export let a = 1;", 'import * as a from "./a.js";', 'export { a } from "./a.js";', 'import "./a.js";']
)
def test_a_form_that_is_not_known_is_an_error(tmp_path: Path, line: str) -> None:
    write(tmp_path, {"main.js": f"{line}\n", "a.js": "export const a = 1;\n"})
    with pytest.raises(ValueError, match=re.escape(f"main.js has an import or export of an unknown form: {line}")):
        join_modules(tmp_path, "main.js")


def test_every_module_is_in_a_script_of_the_page() -> None:
    entries = ("main.js", "page_file.js", "your_run.js")
    scripts = {name: text for entry in entries for name, text in join_modules(SCRIPTS, entry).items()}
    found = {name for script in scripts.values() for name in re.findall(r'^"([^"]+\.js)": \(\) => \{$', script, re.M)}
    written = {path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js")}
    # The scripts that start before the page's own.
    assert written - found == {"theme.js", "unpack.js"}


def test_a_page_of_its_own_refers_to_no_other_file_and_requests_nothing() -> None:
    for name, script in join_modules(SCRIPTS, "page_file.js", '"worker:{}"'.format).items():
        source = COMMENT.sub("", script)
        assert "import.meta" not in source, name
        # Every request of the page is a fetch.
        assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon", source), name
        assert not re.search(r"""(?:from |import\()["']""", source), name
