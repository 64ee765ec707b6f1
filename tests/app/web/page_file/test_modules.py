"""Modules of a page of its own: everything that a module refers to, in an order in which nothing is missing."""

import re
from pathlib import Path

from cliffscape.app.web.page_file.modules import collect_modules
from tests.source.files import ROOT

REFERENCE = re.compile(r'"(?:module|worker):([^"]+)"')


def test_modules_come_after_those_that_they_refer_to(tmp_path: Path) -> None:
    (tmp_path / "views").mkdir()
    (tmp_path / "main.js").write_text(
        'import {\n  first,\n  second,\n} from "./views/first.js";\n'
        'const later = () => import("./views/later.js");\n'
        'const worker = () => new Worker(new URL("worker.js", import.meta.url), { type: "module" });\n',
        encoding="utf-8",
    )
    (tmp_path / "views" / "first.js").write_text('export { second } from "../second.js";\n', encoding="utf-8")
    for name in ("views/later.js", "second.js", "worker.js", "other.js"):
        (tmp_path / name).write_text(f"// {name}\n", encoding="utf-8")
    found = collect_modules(tmp_path, "main.js")
    assert list(found) == ["second.js", "views/first.js", "views/later.js", "worker.js", "main.js"]
    assert REFERENCE.findall(found["main.js"]) == ["views/first.js", "views/later.js", "worker.js"]
    assert 'new Worker("worker:worker.js")' in found["main.js"]
    assert found["views/first.js"] == 'export { second } from "module:second.js";\n'


def test_the_modules_of_the_page_refer_to_no_other_file_and_request_nothing() -> None:
    found = collect_modules(ROOT / "static" / "js", "page_file.js")
    known: set[str] = set()
    for name, source in found.items():
        assert set(REFERENCE.findall(source)) <= known, name
        known.add(name)
        assert "import.meta" not in source, name
        # Every request of the page is a fetch.
        assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon", source), name
        assert not re.search(r"""(?:from |import\()["'](?!module:)""", source), name
