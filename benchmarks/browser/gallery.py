"""The gallery of landscapes: opening it, and choosing a preset in it."""

from playwright.sync_api import Page

from browser.report import row

BUTTON = "#field-landscape"
# Milliseconds from the press to the first task after the frame with the panel, and to the last picture.
OPEN = """async () => {
  const began = performance.now();
  document.getElementById('field-landscape').click();
  const painted = await new Promise((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now() - began);
    channel.port2.postMessage(0);
  }));
  while (document.querySelector('#gallery canvas:not([data-painted])')) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return [painted, performance.now() - began];
}"""
CHOOSE = """(name) => {
  const began = performance.now();
  document.querySelector(`#gallery [data-preset='${name}']`).click();
  return began;
}"""


def choose_preset(page: Page, name: str) -> float:
    """Choose a preset, such as `ravine/0`; the page's time of the press."""
    page.click(BUTTON)
    pressed: float = page.evaluate(CHOOSE, name)
    return pressed


def measure_gallery(page: Page, repeat: int) -> None:
    """The first opening, for which the server computes the pictures, and the later ones."""
    first, pictures = page.evaluate(OPEN)
    again = []
    for _ in range(repeat):
        page.keyboard.press("Escape")
        page.wait_for_timeout(500)
        again.append(page.evaluate(OPEN)[0])
    page.keyboard.press("Escape")
    row("gallery of landscapes, opened for the first time", [first], "ms", "<= 300")
    row("  with all pictures, which the server computes", [pictures], "ms", "")
    row("  opened again", again, "ms", "<= 300")
