"""Outcome maps in workers: levels in order, nested cells, cancelling, and which map is computed during a drag."""

import json
import subprocess
from pathlib import Path
from typing import Any

from cliffscape.app.scene.schema import Scene
from cliffscape.app.web.catalogue import catalogue
from tests import node

# A kernel whose results are functions of the start: no outcome depends on the steps.
POOL = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { computeShare, sweepTask } from "./js/state/maps/sweep.js";
import { sweepPool } from "./js/api/maps/sweep_pool.js";
const { catalogue, scene } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
let count = 0;
const run = (_, starts) => starts.flatMap(([x, y]) => ((count += 1), [0, 10 * y + x, NaN, x, false]));
const columns = ["outcome", "loss", "converged_at", "longest_step", "thrown"];
const kernel = { parameters: [], columns, together: 1, run };
const axes = ["start.x", "start.y"].map((name) => ({ name, low: 0, high: 8, log: false, whole: false }));
const workers = [];
function create() {
  const worker = { listeners: {}, messages: [] };
  worker.addEventListener = (name, listener) => (worker.listeners[name] = listener);
  worker.postMessage = (message) => worker.messages.push(message);
  workers.push(worker);
  return worker;
}
function follow(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
/** What the worker would answer to its last message, for one level. */
function answer(worker, side, about = worker.messages.at(-1)) {
  const { job, task, share } = about;
  const found = follow(computeShare({ with: kernel, without: kernel }, task, side, share));
  worker.listeners.message({ data: { job, side, found } });
}
const levels = [];
const problems = [];
const receive = (side, found) => levels.push([side, Array.from(found.with.loss), Array.from(found.without.loss)]);
const reports = [];
const report = (side, runs) => reports.push([side, runs]);
const pool = sweepPool({ receive, fail: (problem) => problems.push(problem), report, create, count: 3 });
const task = (sides) => sweepTask(scene, axes, [0, 0], sides);
const result = {};
pool.begin({}, task([3, 5, 9]));
result.started = workers.length;
result.shares = workers.map(({ messages }) => messages[0].share);
for (const side of [3, 5]) answer(workers[0], side);
result.afterOne = levels.length;
answer(workers[2], 3);
answer(workers[1], 3);
result.afterFirstLevel = levels.map(([side]) => side);
for (const worker of [workers[1], workers[2]]) answer(worker, 5);
for (const worker of workers) answer(worker, 9);
result.levels = [...levels];
result.count = count;
// A newer job replaces an older one, whose answers no longer count.
const old = workers.map(({ messages }) => messages.at(-1));
levels.length = 0;
pool.begin({}, task([3]));
workers.forEach((worker, k) => answer(worker, 3, old[k]));
result.ofOldJob = levels.length;
workers.forEach((worker) => answer(worker, 3));
result.ofNewJob = levels.map(([side]) => side);
const late = workers.map(({ messages }) => messages.at(-1));
pool.cancel();
result.cancelled = workers.map(({ messages }) => messages.at(-1).task === undefined);
workers.forEach((worker, k) => answer(worker, 3, late[k]));
result.afterCancel = levels.length;
result.stillThree = workers.length;
pool.begin({}, task([3]));
const send = (worker, side, done) =>
  workers[worker].listeners.message({ data: { job: workers[worker].messages.at(-1).job, side, done, worker } });
send(0, 3, 2);
send(2, 3, 1);
send(0, 3, 4);
send(0, 5, 1); // a finer level begins anew
result.reports = reports;
workers[0].listeners.message({ data: { job: workers[0].messages.at(-1).job, problem: "no kernel" } });
result.problems = problems;
console.log(JSON.stringify(result));
"""
MAPS = """
import { readFileSync } from "node:fs";
import { bindCatalogue } from "./js/state/scene/catalogue.js";
import { signature } from "./js/state/scene/dependencies.js";
import { outcomeMaps } from "./js/api/maps/outcome_maps.js";
const { catalogue, scene: opened } = JSON.parse(readFileSync(process.argv[2], "utf8"));
bindCatalogue(catalogue);
let time = 0;
const log = [];
let callbacks = null;
const pool = (given) => {
  callbacks = given;
  const rate = (task) => task.scene.optimizer.learning_rate;
  const begin = (_, task) => log.push(`${task.known ? "test" : "begin"} ${rate(task)}`);
  return { begin, cancel: () => log.push("cancel") };
};
const store = { patches: [], set: (patch) => store.patches.push(patch), get: () => state };
let state = { scene: opened, sweepKernels: {}, mapsOnServer: false, outcomes: null };
state.sweepKernelsFor = signature("sweep_kernel", opened);
function receive(frame, { scene }) {
  log.push(`show ${scene.optimizer.learning_rate} ${frame.columns}`);
  state = { ...state, outcomes: { ...frame, signature: signature(scene.map, scene) } };
}
const say = ([text]) => log.push(text);
const fetchMissing = outcomeMaps({ store, receive, say, createPool: pool, now: () => time });
const columns = (side) => ({
  outcome: new Float64Array(side * side), thrown: new Float64Array(side * side), loss: new Float64Array(side * side),
});
const show = (side) => callbacks.receive(side, { with: columns(side), without: columns(side) });
function drag(learning_rate) {
  state = { ...state, scene: { ...state.scene, optimizer: { ...state.scene.optimizer, learning_rate } } };
  fetchMissing(state);
}
drag(0.1);
time = 50;
drag(0.2); // nothing is shown of 0.1
show(33); // it is only coarse, and not old enough
fetchMissing(state);
time = 120;
drag(0.3); // replaces 0.2, which waits
show(65); // fine enough, so 0.3 begins
show(33);
fetchMissing(state);
show(65);
show(129);
fetchMissing(state); // its cells are tested for certainty
callbacks.receive(129, { with: new Uint8Array(129 * 129), without: new Uint8Array(129 * 129) });
fetchMissing(state); // complete
drag(0.4);
state = { ...state, scene: { ...state.scene, map: "loss" } };
fetchMissing(state); // closed
state = { ...state, scene: { ...state.scene, map: "outcomes", cloud: 4 } };
fetchMissing(state); // a cloud is the server's
state = { ...state, scene: { ...state.scene, cloud: 1 }, sweepKernelsFor: "" };
fetchMissing(state); // its kernels are not loaded
state = { ...state, mapsOnServer: true, sweepKernelsFor: signature("sweep_kernel", state.scene) };
fetchMissing(state); // a GPU
state = { ...state, mapsOnServer: false };
drag(0.5);
callbacks.fail("none");
console.log(JSON.stringify({ log, patches: store.patches }));
"""
SLOW = (
    MAPS.partition("drag(0.1);")[0]
    + """
store.set = (patch) => {
  store.patches.push(patch);
  state = { ...state, ...patch };
};
drag(0.1);
time = 500;
callbacks.report(33, 500); // most levels are there by now
time = 40_000;
callbacks.report(33, 1089); // half of two runs per cell
show(33);
const next = state.outcomes.next;
time = 45_000;
callbacks.report(65, 0);
for (const side of [65, 129]) show(side);
const testing = state.outcomes.next;
state = { ...state, mapStopped: signature(state.scene.map, state.scene) };
fetchMissing(state);
callbacks.fail("none");
console.log(JSON.stringify({ log, patches: store.patches, next, testing }));
"""
)
SCENE = Scene.model_validate({"map": "outcomes"}).model_dump(mode="json")


def result_of(scripts: Path, program: str) -> Any:
    """What a program prints."""
    (scripts / "program.js").write_text(program, encoding="utf-8")
    (scripts / "given.json").write_text(json.dumps({"catalogue": catalogue(), "scene": SCENE}), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_levels_are_merged_from_all_workers_coarse_to_fine(scripts: Path) -> None:
    found = result_of(scripts, POOL)
    assert (found["started"], found["shares"]) == (3, [[0, 3], [1, 3], [2, 3]])
    assert (found["afterOne"], found["afterFirstLevel"]) == (0, [3])
    assert [side for side, *_ in found["levels"]] == [3, 5, 9]
    for side, *runs in found["levels"]:
        step = 8 / (side - 1)
        expected = [10 * step * row + step * column for row in range(side) for column in range(side)]
        assert runs == [expected, expected]
    # No cell is computed twice, since a map contains the cells of the coarser one.
    assert found["count"] == 2 * 9 * 9


def test_a_newer_job_and_a_cancelled_one_end_the_older(scripts: Path) -> None:
    found = result_of(scripts, POOL)
    assert (found["ofOldJob"], found["ofNewJob"]) == (0, [3])
    assert found["cancelled"] == [True] * 3
    assert found["afterCancel"] == 1
    assert found["stillThree"] == 3
    assert found["problems"] == ["no kernel"]


def test_workers_report_how_many_runs_of_a_level_are_done(scripts: Path) -> None:
    assert result_of(scripts, POOL)["reports"] == [[3, 2], [3, 3], [3, 5], [5, 1]]


def test_a_drag_shows_complete_pictures_and_ends_at_the_newest_scene(scripts: Path) -> None:
    found = result_of(scripts, MAPS)
    assert found["log"] == [
        "begin 0.1",
        "show 0.1 33",
        "show 0.1 65",
        "begin 0.3",
        "show 0.3 33",
        "show 0.3 65",
        "show 0.3 129",
        "test 0.3",
        "show 0.3 129",
        "begin 0.4",
        "cancel",
        "begin 0.5",
        "cancel",
        "The browser cannot compute the outcome map, so the server does: none",
    ]
    assert found["patches"] == [{"mapsOnServer": True}]


def test_a_slow_map_says_how_long_it_takes(scripts: Path) -> None:
    """Nothing of the next level is known yet when it begins, and no run of these cells has a border to test."""
    found = result_of(scripts, SLOW)
    said = [patch["mapProgress"] for patch in found["patches"] if "mapProgress" in patch]
    assert [said[0][name] for name in ("columns", "share", "seconds")] == [33, 0.5, 80]
    assert {name: said[1][name] for name in said[1] if name != "signature"} == {"columns": 65, "share": 0}
    # 65² - 33² cells follow 33².
    assert found["next"] == {"columns": 65, "seconds": round(40 * (65**2 - 33**2) / 33**2)}
    assert "testing" not in found
    # The visitor has cancelled the map.
    assert found["log"][-2:] == ["cancel", "The browser cannot compute the outcome map, so the server does: none"]
    assert said[-1] is None
