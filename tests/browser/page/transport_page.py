"""The transport's buttons, and the steps that the page shows while it plays."""

from tests.browser.visitor import Visitor

RECORD = """() => {
  const own = (window.seen = []);
  const scrub = document.getElementById('scrub');
  const look = () => {
    own.push(Number(scrub.value));
    if (window.seen === own) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def record_steps(visitor: Visitor) -> None:
    """Record the step in every frame from now on."""
    visitor.page.evaluate(RECORD)


def recorded_steps(visitor: Visitor) -> list[float]:
    """The recorded steps, up to what the page shows now."""
    # The recorder reads a frame after it has been drawn.
    visitor.frames(1)
    found: list[float] = visitor.page.evaluate("seen")
    return found


def press(visitor: Visitor, name: str) -> None:
    """Press one of the transport's buttons."""
    visitor.page.locator(f"#{name}").click()
    visitor.frames()


def is_playing(visitor: Visitor) -> bool:
    """Whether the play button is pressed."""
    return visitor.page.locator("#play").get_attribute("aria-pressed") == "true"
