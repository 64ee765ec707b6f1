"""A busy server or a lost connection: the page asks again by itself, after pauses that grow. The clock is a fake."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests import node
from tests.static.scripts import FRAME

PROGRAM = """
import { frameLine } from "./js/api/frame_line.js";
import { connectionNotice } from "./js/api/retry.js";

let now = 0;
let timers = [];
globalThis.setTimeout = (wake, pause) => timers.push({ wake, at: now + pause, id: timers.length + 1 });
globalThis.clearTimeout = (id) => (timers = timers.map((one) => (one.id === id ? { ...one, wake: () => {} } : one)));
Math.random = () => 1;
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Let the clock run for some milliseconds. */
async function wait(milliseconds) {
  const end = now + milliseconds;
  for (let next; (next = timers.filter((one) => !one.over && one.at <= end).sort((a, b) => a.at - b.at)[0]); ) {
    now = next.at;
    next.over = true;
    next.wake();
    await settle();
  }
  now = end;
}

const frame = (fields) => frameBytes({ kind: "pair", ...fields });
const problem = (status) => () => new Response(JSON.stringify({ detail: `status ${status}` }), { status });
const answers = {
  down: () => { throw new TypeError("Failed to fetch"); },
  busy: problem(503),
  refused: problem(422),
  "bad gateway": () => new Response("<html>", { status: 502 }),
  "internal error": () => new Response("<html>", { status: 500 }),
  pair: () => new Response(new Blob([frame({})])),
  stopping: () => new Response(new Blob([frame({}), frame({ kind: "error", again: true, detail: "It stops." })])),
  "cut off": () =>
    new Response(new ReadableStream({
      start: (controller) => controller.enqueue(frame({})),
      pull: (controller) => controller.error(new TypeError("network error")),
    })),
};
let server = "pair";
const log = [];
globalThis.fetch = async (_, { body }) => {
  const { scene, client, line } = JSON.parse(body);
  log.push(["asked", Math.round(now), scene, `${client.length} ${line}`]);
  return answers[server]();
};
const notice = connectionNotice((sentences) => log.push(["said", ...sentences]));
const line = frameLine("descents", {
  receive: (frame, { scene }) => log.push(["received", scene]),
  fail: (error) => log.push(["failed", error.problem?.detail ?? error.message]),
  finish: ({ scene }) => log.push(["finished", scene]),
  ...notice("descents"),
});
for (const [act, value] of JSON.parse(process.argv[2])) {
  if (act === "server") server = value;
  if (act === "ask") line.ask({ scene: value, have: () => [], kinds: ["pair"] });
  if (act === "cancel") line.cancel();
  if (act === "wait") await wait(value);
  await settle();
}
console.log(JSON.stringify(log));
process.exit(0);
"""
LOST = "The server cannot be reached. The page keeps its last results and tries again."
BUSY = "The server is busy. The page tries again in a moment."


def play(scripts: Path, *story: tuple[str, Any]) -> list[list[Any]]:
    """What happens in a story."""
    (scripts / "retry.js").write_text(FRAME + PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "retry.js"), json.dumps(story)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    log: list[list[Any]] = json.loads(answer.stdout)
    return log


def times(log: list[list[Any]]) -> list[int]:
    """When the page has asked."""
    return [entry[1] for entry in log if entry[0] == "asked"]


@pytest.mark.parametrize(
    ("server", "sentence"),
    [("down", LOST), ("busy", BUSY), ("bad gateway", LOST), ("stopping", "It stops."), ("cut off", LOST)],
)
def test_the_page_asks_again_until_the_server_answers(scripts: Path, server: str, sentence: str) -> None:
    log = play(scripts, ("server", server), ("ask", "a"), ("server", "pair"), ("wait", 10_000))
    assert times(log) == [0, 500]
    assert ["said", sentence] in log
    # The sentence goes when the server is back.
    assert log[-3:] == [["said"], ["received", "a"], ["finished", "a"]]
    assert not any(entry[0] == "failed" for entry in log)


def test_pauses_grow_up_to_a_bound_below_ten_seconds(scripts: Path) -> None:
    asked = times(play(scripts, ("server", "down"), ("ask", "a"), ("wait", 60_000)))
    pauses = [after - before for before, after in pairwise(asked)]
    assert pauses[:6] == [500, 1000, 2000, 4000, 8000, 8000]
    assert max(pauses) < 10_000


def test_the_same_sentence_is_said_once(scripts: Path) -> None:
    log = play(scripts, ("server", "down"), ("ask", "a"), ("wait", 20_000), ("server", "busy"), ("wait", 20_000))
    assert [entry[1:] for entry in log if entry[0] == "said"] == [[LOST], [BUSY]]


def test_pauses_start_anew_after_an_answer(scripts: Path) -> None:
    story = [("server", "down"), ("ask", "a"), ("wait", 5_000), ("server", "pair"), ("wait", 10_000)]
    log = play(scripts, *story, ("server", "down"), ("ask", "b"), ("wait", 600))
    *_, last, again = times(log)
    assert again - last == 500


def test_only_the_newest_request_is_sent_after_a_pause(scripts: Path) -> None:
    log = play(scripts, ("server", "busy"), ("ask", "a"), ("ask", "b"), ("ask", "c"), ("server", "pair"), ("wait", 600))
    assert [entry[2] for entry in log if entry[0] == "asked"] == ["a", "c"]


def test_a_request_that_is_cancelled_is_not_repeated(scripts: Path) -> None:
    log = play(scripts, ("server", "down"), ("ask", "a"), ("cancel", None), ("wait", 60_000))
    assert times(log) == [0]
    assert log[-1] == ["said"]


@pytest.mark.parametrize(
    ("server", "sentence"),
    [("refused", "status 422"), ("internal error", "The server answered with status 500.")],
)
def test_other_errors_are_reported_and_not_repeated(scripts: Path, server: str, sentence: str) -> None:
    log = play(scripts, ("server", server), ("ask", "a"), ("wait", 60_000))
    assert times(log) == [0]
    assert ["failed", sentence] in log


def test_requests_name_the_page_and_the_line(scripts: Path) -> None:
    assert play(scripts, ("ask", "a"))[0] == ["asked", 0, "a", "16 descents"]


def test_the_page_says_how_a_training_run_goes_on(scripts: Path) -> None:
    program = """
import { continuation } from "./js/api/training.js";
const known = { token: "a" };
const frames = [{ token: "b", updates: 20 }, { token: "a", updates: 1500 }];
console.log(JSON.stringify(frames.map((frame) => continuation(known, frame))));
"""
    (scripts / "continuation.js").write_text(program, encoding="utf-8")
    command = [node.executable(), str(scripts / "continuation.js")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == [
        "The server no longer has the run, so it is computed again from its seed. Its results are the same.",
        "The server has kept the run, which goes on after update 1,500.",
    ]


LESSONS = """
import { lessonCollection } from "./js/api/lessons.js";
let now = 0;
globalThis.setTimeout = (wake, pause) => { now += pause; setImmediate(wake); return 1; };
Math.random = () => 1;
const answers = JSON.parse(process.argv[2]);
const log = [];
globalThis.fetch = async (address) => {
  const answer = answers.shift();
  log.push([now, answer]);
  if (answer === "down") throw new TypeError("Failed to fetch");
  return answer === "ok" ? new Response('{"name": "a"}') : new Response("{}", { status: answer });
};
const connection = { lost: ({ message }) => log.push(message), found: () => log.push("found") };
const source = lessonCollection("/lessons", connection);
const preloaded = process.argv[3] ? source.preload("a").catch(() => {}) : null;
const [lesson] = await Promise.all([source.get("a").then(({ name }) => name, ({ message }) => message), preloaded]);
console.log(JSON.stringify([lesson, log]));
"""


def fetch_lesson(scripts: Path, *answers: object, preload: bool = False) -> tuple[str, list[Any]]:
    """The name of a lesson or an error, and what happens until then."""
    (scripts / "lessons.js").write_text(LESSONS, encoding="utf-8")
    command = [node.executable(), str(scripts / "lessons.js"), json.dumps(answers), "1" if preload else ""]
    lesson, log = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return lesson, log


def test_a_lesson_is_requested_until_the_server_answers(scripts: Path) -> None:
    lesson, log = fetch_lesson(scripts, "down", 503, "ok")
    assert lesson == "a"
    assert log == [[0, "down"], LOST, [500, 503], BUSY, [1500, "ok"], "found"]


def test_a_lesson_that_was_being_preloaded_is_requested_again(scripts: Path) -> None:
    lesson, log = fetch_lesson(scripts, "down", "ok", preload=True)
    assert (lesson, log[-1]) == ("a", "found")


def test_a_lesson_that_does_not_exist_is_requested_once(scripts: Path) -> None:
    lesson, log = fetch_lesson(scripts, 404)
    assert lesson.startswith("This lesson no longer exists.")
    assert log == [[0, 404]]


def test_a_kernel_is_loaded_again_after_a_lost_connection(scripts: Path) -> None:
    program = """
import { writeFileSync } from "node:fs";
import { loadKernels } from "./js/api/kernels.js";
globalThis.document = { baseURI: import.meta.url };
const address = new URL("kernel.js", import.meta.url);
// The kernel can be loaded after the second pause.
let pauses = 0;
globalThis.setTimeout = (wake) => {
  if (++pauses === 2) writeFileSync(address, "export const name = 'kernel';");
  setImmediate(wake);
};
const kernels = await loadKernels({ with: { url: address.href } });
console.log(JSON.stringify([kernels.with.name, pauses]));
"""
    (scripts / "load.js").write_text(program, encoding="utf-8")
    command = [node.executable(), str(scripts / "load.js")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == ["kernel", 2]
