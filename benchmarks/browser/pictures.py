"""Pictures that the server computes: surfaces, slices of networks, outcome maps."""

import itertools

from playwright.sync_api import Page

from browser.gallery import choose_preset
from browser.report import row


def await_surface(page: Page, columns: int) -> list[list[float]]:
    """The pictures on the map up to one of so many columns. The page's policy forbids Playwright's own wait."""
    for _ in range(400):
        seen: list[list[float]] = page.evaluate("records.surfaces")
        if any(int(points) >= columns for points, *_ in seen):
            return seen
        page.wait_for_timeout(50)
    raise TimeoutError(f"no picture of {columns} columns within 20 s")


def measure_surfaces(page: Page, repeat: int) -> None:
    """A new sequence length: first coarse picture and the fine one, painted."""
    coarse, fine = [], []
    for k in range(repeat):
        page.wait_for_timeout(2500)
        page.evaluate("records.surfaces = []")
        began = page.evaluate(f"""() => {{
          const box = document.getElementById('field-landscape-sequence_length');
          box.value = {52 + k};
          const now = performance.now();
          box.dispatchEvent(new Event('change'));
          return now;
        }}""")
        seen = await_surface(page, 257)
        coarse.append(seen[0][2] - began)
        fine.append(next(at for points, _, at in seen if int(points) >= 257) - began)
    row("new T: first coarse picture", coarse, "ms", "<= 200")
    row("new T: 257 x 257 on the map", fine, "ms", "<= 600")


def measure_formulas(page: Page, repeat: int) -> None:
    """A typed formula, from the last key: the first picture, and the verdicts, after which the start can be dragged."""
    choose_preset(page, "formula/0")
    page.wait_for_selector("#map[data-landscape='formula'][data-columns='513']", timeout=60_000)
    pictures, runs = [], []
    for k in range(repeat):
        page.wait_for_timeout(2500)
        page.evaluate("""() => {
          records.surfaces = [];
          records.verdicts = [];
          const verdicts = document.getElementById('verdicts');
          new MutationObserver(() => records.verdicts.push(performance.now()))
            .observe(verdicts, {subtree: true, childList: true, characterData: true});
        }""")
        typed = page.evaluate(f"""() => {{
          const area = document.getElementById('field-landscape-text');
          area.value = 'a*(x - {k}/10)**2 + 0.{k + 1}*sin(3*y)*x + y**2';
          const now = performance.now();
          area.dispatchEvent(new Event('input'));
          return now;
        }}""")
        pictures.append(await_surface(page, 257)[0][2] - typed)
        page.wait_for_timeout(1000)
        runs.append(page.evaluate("records.verdicts")[0] - typed)
    row("typed formula: last key to the first picture", pictures, "ms", "<= 400")
    row("  to both runs on it", runs, "ms", "<= 400")


def measure_networks(page: Page, repeat: int) -> None:
    """A recurrent net chosen in the gallery: first coarse picture, the finest one, and the longest wait between."""
    first, finest, waits = [], [], []
    for _ in range(repeat):
        choose_preset(page, "ravine/0")
        page.wait_for_selector("#map[data-landscape='ravine'][data-columns='513']", timeout=60_000)
        page.wait_for_timeout(2000)
        page.evaluate("""() => {
          const share = document.getElementById('progress-share');
          [records.surfaces, records.shares] = [[], []];
          new MutationObserver(() => records.shares.push(performance.now())).observe(share, {attributes: true});
        }""")
        began = choose_preset(page, "recurrent_network/0")
        page.wait_for_selector("#map[data-landscape='recurrent_network'][data-columns='129']", timeout=60_000)
        page.wait_for_timeout(300)
        seen, shares = page.evaluate("[records.surfaces.map(([, , at]) => at), records.shares]")
        first.append(seen[0] - began)
        finest.append(seen[-1] - began)
        times = sorted([began, *seen, *shares])
        waits.append(max(b - a for a, b in itertools.pairwise(times)))
    row("a net's default slice: first coarse picture", first, "ms", "<= 300")
    row("  129 x 129", finest, "ms", "")
    row("  longest wait without refinement or progress", waits, "ms", "<= 1000")
