"""The line to /frames: one request in flight, and when it is aborted for a newer one."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node
from tests.static.scripts import FRAME

PROGRAM = """
import { frameLine } from "./js/api/frame_line.js";

const asked = [];
globalThis.fetch = async (_, { body, signal }) => {
  let stream;
  const response = new Response(new ReadableStream({ start: (controller) => void (stream = controller) }));
  signal.addEventListener("abort", () => stream.error(signal.reason));
  const send = (fields) => stream.enqueue(frameBytes({ kind: "outcomes", ...fields }));
  asked.push({ scene: JSON.parse(body).scene, send, end: () => stream.close() });
  return response;
};
const rest = () => new Promise((resolve) => setTimeout(resolve, 20));
const shown = [];
const said = [];
const { patience, enough, story, kind } = JSON.parse(process.argv[2]);
const clock = performance.now.bind(performance);
let later = 0;
performance.now = () => clock() + later;
const line = frameLine("outcomes", {
  receive: (frame, { scene }) => shown.push([scene, frame.columns]),
  fail: (error) => said.push(String(error)),
  patience,
  ...(enough && { enough: (frame) => frame.columns >= enough }),
});
for (const [act, value] of story) {
  if (act === "ask") line.ask({ scene: value, have: () => [], kinds: [kind] });
  if (act === "send") asked.at(-1).send({ kind, columns: value });
  if (act === "progress") asked.at(-1).send({ kind: "progress", columns: 0 });
  if (act === "later") later += value;
  if (act === "end") asked.at(-1).end();
  if (act === "cancel") line.cancel();
  await rest();
}
console.log(JSON.stringify({ asked: asked.map(({ scene }) => scene), shown, said }));
process.exit(0);
"""
LONG = 60_000
STORIES = {
    "nothing shown yet": ((0, 0), [("ask", "a"), ("ask", "b")], "a", []),
    "something shown": ((0, 0), [("ask", "a"), ("send", 33), ("ask", "b")], "ab", [["a", 33]]),
    "shown while another waits": ((0, 0), [("ask", "a"), ("ask", "b"), ("send", 33)], "ab", [["a", 33]]),
    "not within its patience": ((LONG, 0), [("ask", "a"), ("send", 33), ("ask", "b")], "a", [["a", 33]]),
    "too little to end the patience": ((LONG, 65), [("ask", "a"), ("send", 33), ("ask", "b")], "a", [["a", 33]]),
    "enough to end it": (
        (LONG, 65),
        [("ask", "a"), ("send", 33), ("ask", "b"), ("send", 65), ("send", 33)],
        "ab",
        [["a", 33], ["a", 65], ["b", 33]],
    ),
    "enough already when another comes": (
        (LONG, 65),
        [("ask", "a"), ("send", 65), ("send", 129), ("ask", "b")],
        "ab",
        [["a", 65], ["a", 129]],
    ),
    "the newest request is sent": ((LONG, 0), [("ask", "a"), ("ask", "b"), ("ask", "c"), ("end", 0)], "ac", []),
    "cancelled": ((LONG, 0), [("ask", "a"), ("ask", "b"), ("cancel", 0), ("ask", "c")], "ac", []),
}
# A progress frame alone does not count as a picture that has been shown.
SURFACES = {
    "started a moment ago": ([("ask", "a"), ("ask", "b"), ("progress", 0), ("progress", 0)], "a", [["a", 0], ["a", 0]]),
    "not started within a second": (
        [("ask", "a"), ("ask", "b"), ("progress", 0), ("later", 1000), ("progress", 0)],
        "ab",
        [["a", 0], ["a", 0]],
    ),
    "not started, and then another request": (
        [("ask", "a"), ("later", 1000), ("progress", 0), ("ask", "b")],
        "ab",
        [["a", 0]],
    ),
    "shown at once": ([("ask", "a"), ("ask", "b"), ("send", 9)], "ab", [["a", 9]]),
}


def play_story(scripts: Path, **given: Any) -> dict[str, Any]:
    """The requests, frames and errors that result from a story."""
    (scripts / "line.js").write_text(FRAME + PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "line.js"), json.dumps(given)]
    seen: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert seen["said"] == []
    return seen


@pytest.mark.parametrize("name", STORIES)
def test_which_requests_are_sent(name: str, scripts: Path) -> None:
    (patience, enough), story, asked, shown = STORIES[name]
    seen = play_story(scripts, patience=patience, enough=enough, story=story, kind="outcomes")
    assert "".join(seen["asked"]) == asked
    assert seen["shown"] == shown


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_that_has_not_started_is_aborted_after_a_second(name: str, scripts: Path) -> None:
    story, asked, shown = SURFACES[name]
    seen = play_story(scripts, patience=0, enough=0, story=story, kind="surface")
    assert "".join(seen["asked"]) == asked
    assert seen["shown"] == shown
