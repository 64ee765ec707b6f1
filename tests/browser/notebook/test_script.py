"""A script: its page is at the address that it prints, until Ctrl-C."""

import re
import signal
import subprocess
import sys

from playwright.sync_api import BrowserContext, expect

# The first line is for tests in the background, which shells start with Ctrl-C ignored.
SCRIPT = """import signal; signal.signal(signal.SIGINT, signal.default_int_handler)
import cliffscape; cliffscape.show('landscape=ravine&steps=7').wait(); print('goes on')"""


def test_the_page_is_at_the_printed_address_until_ctrl_c(context: BrowserContext) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = re.fullmatch(r"Cliffscape is at (http://127\.0\.0\.1:\d+/[\w-]{32}/\?\S+)\n", process.stdout.readline())
        assert said is not None
        page = context.new_page()
        page.goto(said[1])
        expect(page.locator("#map[data-columns='513']")).to_be_visible()
        process.send_signal(signal.SIGINT)
        try:
            rest, errors = process.communicate(timeout=60)
        finally:
            # Otherwise the end of the block waits for a process that does not end.
            process.kill()
    assert (process.returncode, rest, errors) == (0, "goes on\n", "")
