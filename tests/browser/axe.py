"""axe-core: the accessibility checks of Deque, from npm, in the version below."""

import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

VERSION = "4.10.3"
FOLDER = Path(__file__).parents[2] / "build" / "axe-core"
GRAVE = ("serious", "critical")
# Rules about colours: the themes differ in nothing else.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
RUN = """async (rules) => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  return violations.map(({ id, impact, nodes }) => [id, impact, nodes.map(({ html }) => html.slice(0, 120))]);
}"""


def source() -> str:
    """The script of axe-core. npm fetches it once; without npm and without the script the tests fail."""
    script = FOLDER / f"axe-{VERSION}.js"
    if not script.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", f"axe-core@{VERSION}", "--prefer-offline", "--pack-destination", str(FOLDER)]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (FileNotFoundError, subprocess.CalledProcessError) as error:
            detail = getattr(error, "stderr", "") or error
            pytest.fail(f"npm cannot fetch axe-core {VERSION} into {FOLDER}: {detail}", pytrace=False)
        with tarfile.open(FOLDER / f"axe-core-{VERSION}.tgz") as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            script.write_bytes(member.read())
    return script.read_text(encoding="utf-8")


def grave_violations(visitor: Visitor, rules: list[str] | None = None) -> list[Any]:
    """What axe finds serious or critical on the page as it is, by these rules or by all."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    # By the debugger's protocol: the page's policy allows no script of another origin.
    session.send("Runtime.evaluate", {"expression": source()})
    session.detach()
    return [found for found in visitor.page.evaluate(RUN, rules) if found[1] in GRAVE]


def grave_violations_of_themes(visitor: Visitor) -> list[Any]:
    """What axe finds on a light page by all rules, and by those about colours when it has become dark."""
    found = grave_violations(visitor)
    # By script, so that an open menu stays open.
    visitor.page.locator("#theme").evaluate("(button) => button.click()")
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    # Colours change gradually.
    visitor.until("() => document.getAnimations().every(({ playState }) => playState !== 'running')")
    return found + grave_violations(visitor, COLOUR_RULES)
