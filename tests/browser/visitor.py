"""A visitor of the page: reads it and operates it, by element and by pixel."""

import base64
import re
import time
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect
from starlette.datastructures import Headers

from tests.app.responses import Answer, header_faults
from tests.browser import expected
from tests.browser.mapping import Bounds, Mapping
from tests.browser.scripts import DRAW_FRAMES, REPORT_VIOLATIONS, REVEAL, SCRUB, TURN

# The map's margins, static/js/views/map/map.js.
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 10, 44
PATIENCE = 20_000


class Visitor:
    """One page in a browser profile of its own. `errors`, which no test may cause, include requests to other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests, self.unanswered = list[str](), set[Request]()
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error.stack or error}"))
        page.on("request", self._see)
        page.on("requestfinished", self._answer)
        page.on("requestfailed", self._answer)
        page.on("response", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        # The browser asks for the tab's icon at any time.
        if not request.url.endswith("/icon.svg"):
            self.requests.append(request.url)
            self.unanswered.add(request)
        scheme, host, *_ = urlsplit(request.url)
        if scheme not in ("data", "blob") and host != urlsplit(self.address).netloc:
            self.errors.append(f"request to {host}")

    def _answer(self, request: Request) -> None:
        self.unanswered.discard(request)

    def _check(self, response: Response) -> None:
        """Check a response of the server; a test's own response has no policy."""
        headers = Headers(response.headers)
        if "content-security-policy" in headers:
            answer = Answer(response.status, headers, None)
            self.errors += [f"{response.url}: {fault}" for fault in header_faults(answer)]

    def leave_out_the_relief(self) -> None:
        """Serve an empty Plotly.js: the relief takes seconds of software graphics, and few tests look at it."""
        self.page.route("**/plotly-gl3d.min.js", lambda route: route.fulfill(body="", content_type="text/javascript"))

    def open(self, query: str = "", predicting: bool = False) -> None:
        """Go to the page of a link, up to its first verdict, or to its first numbers before a prediction."""
        self.unanswered.clear()
        self.page.goto(f"{self.address}/{query}")
        if predicting:
            expect(self.page.locator("#readout td:not(:empty)").first, f"no numbers; {self.errors}").to_be_visible()
        else:
            self.await_verdict()

    def turn_to(self, query: str = "") -> None:
        """Bring the open page to the Scene of a link, as the browser's back button does, up to its finest picture."""
        scene = expected.scene(query)
        # What a worker of an earlier test asked for may never be reported as answered.
        self.unanswered.clear()
        # Away from the curves: hovering over one would show another step.
        self.page.mouse.move(1, 1)
        self.page.evaluate(TURN, [scene.model_dump(mode="json"), f"/{query}"])
        for run, sentence in expected.verdicts(query).items():
            expect(self.sentence(run)).to_have_text(sentence.partition(": ")[2])
        self.until("(key) => document.getElementById('map').dataset.key === key", expected.picture(query))
        # The previous Scene may have had the same sentence and picture, and this one may not be drawn yet.
        self.frames(1)
        self.requests.clear()

    def await_verdict(self) -> None:
        """Wait for the first verdict, or for the headline if the page is embedded."""
        headline = "#headline :is(.predict-first, .run span:not(:empty)):visible"
        said = self.page.locator(headline if "embed" in self.page.url else ".verdict .sentence:not(:empty)")
        expect(said.first, f"no verdict; {self.errors}").to_be_visible()

    def await_relief(self) -> None:
        """Wait for the relief in full."""
        self.page.wait_for_selector("#relief[data-lines='129']", timeout=60_000)
        expect(self.page.locator("#relief-handle")).to_be_visible()

    def until(self, condition: str, argument: Any = None) -> None:
        """Wait until the JavaScript function `condition` returns true.

        Playwright's own wait evaluates a string in the page, which the page's policy forbids.
        """
        held = self.page.evaluate(
            f"""async (argument) => {{
              const condition = {condition};
              const end = performance.now() + {PATIENCE};
              while (!condition(argument)) {{
                if (performance.now() > end) return false;
                await new Promise((resolve) => setTimeout(resolve, 10));
              }}
              return true;
            }}""",
            argument,
        )
        assert held, f"waited in vain for {condition}"

    def asked(self) -> int:
        """How many requests there were, once all are answered: a change before that would repeat the last one."""
        end = time.monotonic() + PATIENCE / 1000
        while self.unanswered:
            assert time.monotonic() < end, sorted(request.url for request in self.unanswered)
            self.frames(2)
        return len(self.requests)

    def settle(self) -> None:
        """Wait until the address bar holds the start in the fields."""
        self.until("""() => history.state.scene.start?.every((value, k) =>
          value === Number(document.getElementById(`field-start-${k}`).value))""")

    def frames(self, count: int = 3) -> None:
        """Let the page draw a few frames."""
        drawn = self.page.evaluate(DRAW_FRAMES, [count, PATIENCE])
        assert drawn, "the page draws no frames"

    # Reading.

    def sentence(self, run: str) -> Locator:
        """The sentence of a run's verdict."""
        return self.page.locator(f"#verdicts .{run} .sentence")

    def verdict(self, run: str) -> str:
        """A run's verdict as the command line prints it."""
        name, outcome = (self.page.locator(f"#verdicts .{run} {part}").inner_text() for part in ("strong", ".outcome"))
        return f"{name}, {outcome}: {self.sentence(run).inner_text()}"

    def verdicts(self) -> dict[str, str]:
        """The verdicts of the runs that are shown."""
        runs = [run for run in ("without", "with") if self.sentence(run).is_visible()]
        return {run: self.verdict(run) for run in runs}

    def readout(self, run: str) -> list[str]:
        """A run's numbers at the current step: expected.COLUMNS."""
        return self.page.locator(f"#readout tr.{run} td").all_inner_texts()

    def start(self) -> tuple[float, float]:
        """The start as the fields show it."""
        return float(self.field("start.0").input_value()), float(self.field("start.1").input_value())

    def step(self) -> int:
        """The step that the transport names."""
        return int(re.findall(r"\d+", self.page.locator("#step-label").inner_text())[0])

    def link(self) -> str:
        """The query in the address bar."""
        return urlsplit(self.page.evaluate("location.href")).query

    def centre(self, selector: str) -> tuple[float, float]:
        """The middle of an element on screen."""
        box = self.page.locator(selector).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def mapping(self, window: Bounds) -> Mapping:
        """The mapping of a window, computed from the map's margins."""
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        width, height = box["width"] - LEFT - RIGHT, box["height"] - TOP - BOTTOM
        return Mapping(window, (box["x"] + LEFT, box["y"] + TOP, width, height))

    def colours(self, selector: str) -> int:
        """How many different colours a screenshot of an element has."""
        picture = self.page.locator(selector).screenshot()
        found: int = self.page.evaluate(
            """async (picture) => {
              const image = new Image();
              image.src = `data:image/png;base64,${picture}`;
              await image.decode();
              const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
              context.drawImage(image, 0, 0);
              return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
            }""",
            base64.b64encode(picture).decode(),
        )
        return found

    # Operating.

    def reveal(self, selector: str) -> None:
        """Open the folded groups of controls that contain an element."""
        self.page.evaluate(REVEAL, selector)

    def field(self, name: str) -> Locator:
        """The box or drop-down of a field, such as `optimizer.learning_rate`."""
        self.reveal(f"#field-{name.replace('.', '-')}")
        return self.page.locator(f"#field-{name.replace('.', '-')}")

    def slider(self, name: str) -> Locator:
        """The slider of a field."""
        self.reveal(f"[data-field='{name}']")
        return self.page.locator(f"[data-field='{name}'] input[type=range]")

    def label(self, name: str) -> str:
        """What the page calls a field."""
        return self.page.locator(f"[data-field='{name}'] label").first.inner_text()

    def problem(self, name: str) -> Locator:
        """The problem shown at a field."""
        return self.page.locator(f"[data-field='{name}'] .problem")

    def type(self, name: str, text: str) -> None:
        """Type into a field, and leave it by Enter."""
        self.field(name).fill(text)
        self.field(name).press("Enter")

    def scrub(self, step: int) -> None:
        """Bring the slider of the steps to a step, by script."""
        self.page.locator("#scrub").evaluate(SCRUB, step)

    def choose(self, group: str, value: str) -> None:
        """Press one of the buttons of a group of choices."""
        self.reveal(f"[data-field='{group}']")
        self.page.locator(f"[data-field='{group}'] button[data-value='{value}']").click()

    def drag(self, start: tuple[float, float], *stations: tuple[float, float]) -> None:
        """Drag by mouse from a pixel over others; the page draws the last one before the button is released."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        for station in stations:
            self.page.mouse.move(*station, steps=4)  # several events, as a real mouse sends them
        self.frames()
        self.page.mouse.up()
        self.frames()
