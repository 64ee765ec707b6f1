"""Requests: which kinds of frames the page requests together. Browser tests cover when it does."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cliffscape.app.frames.kind import KINDS
from cliffscape.app.frames.plan import EVERY
from cliffscape.app.web.catalogue import catalogue
from tests import node
from tests.static.scripts import copy_scripts

PROGRAM = """
import { readFileSync } from "node:fs";
import { kindsByLine } from "./js/api/requests.js";
import { receivers } from "./js/api/receivers.js";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
bindCatalogue(JSON.parse(readFileSync(process.argv[2], "utf8")));
const received = receivers({ store: null, say: () => {}, refuse: () => {} });
console.log(JSON.stringify({ received: Object.keys(received), lines: kindsByLine(received) }));
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The kinds that the page receives, and those of each line; the catalogue has one more kind, without a receiver."""
    scripts = copy_scripts(tmp_path_factory.mktemp("page"))
    known = catalogue()
    known["frames"]["unknown"] = {"when": {}, "depends_on": [], "line": "unknown", "table": False}
    (scripts / "catalogue.json").write_text(json.dumps(known), encoding="utf-8")
    (scripts / "requests.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "requests.js"), str(scripts / "catalogue.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_the_page_has_a_receiver_for_every_kind(page: dict[str, Any]) -> None:
    assert set(EVERY) <= set(page["received"])


def test_the_page_requests_kinds_by_the_line_that_they_declare(page: dict[str, Any]) -> None:
    lines = {
        line: {kind for kind in EVERY if KINDS[kind].line == line} for line in (KINDS[kind].line for kind in EVERY)
    }
    without_line = lines.pop("")
    assert without_line == {"training"}
    assert {line: set(kinds) for line, kinds in page["lines"].items()} == lines


def test_slow_kinds_delay_no_others(page: dict[str, Any]) -> None:
    assert {"kernel", "surface"} <= set(page["lines"]["pictures"])
    assert set(page["lines"]["descents"]) == {"pair", "gradient_flow"}
    assert set(page["lines"]["outcomes"]) == {kind for kind in EVERY if KINDS[kind].table}
    assert all(page["lines"][kind] == [kind] for kind in ("bias", "study", "projection"))


# Both Scenes have a map: the first one's is sent by the server, the second one's made by the page.
MAPS = """
import { readFileSync } from "node:fs";
import { heldKeys, serverRequests } from "./js/api/requests.js";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
const known = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(known);
let state = { keys: {}, complete: {} };
const store = { get: () => state, set: (patch) => (state = { ...state, ...patch }) };
const { receive } = serverRequests({ store, say: () => {}, complain: () => [] });
const [one, other] = [30, 31].map((steps) => ({ ...known.scene, map: "outcomes", steps }));
const frame = { kind: "outcomes", columns: 3, rows: 3 };
const held = () => heldKeys(state, one, ["outcomes"]);
receive({ ...frame, key: "finest" }, { scene: one });
const before = held();
receive({ ...frame, partial: true }, { scene: one });
const same = held();
receive({ ...frame, partial: true }, { scene: other });
console.log(JSON.stringify([before, same, held()]));
"""


def test_a_map_that_another_has_replaced_must_be_sent_again(scripts: Path) -> None:
    (scripts / "maps.js").write_text(MAPS, encoding="utf-8")
    (scripts / "catalogue.json").write_text(json.dumps(catalogue()), encoding="utf-8")
    command = [node.executable(), str(scripts / "maps.js"), str(scripts / "catalogue.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [["finest"], ["finest"], []]
