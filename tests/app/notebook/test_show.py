"""Show: one server for all pages, an address in scripts, a frame in notebooks, and waiting."""

import sys
import threading
import webbrowser
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx2
import pytest

from cliffscape.app.notebook import show as module
from cliffscape.app.notebook.show import at_desktop, current_server, in_notebook, show


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that are opened in a browser; the server is stopped after the last test."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    yield found


@pytest.fixture(scope="module", autouse=True)
def stopped() -> Iterator[None]:
    """No server is left."""
    yield
    current_server().stop()


def use_ipython(monkeypatch: pytest.MonkeyPatch, shell: Any) -> None:
    """Let IPython have a shell."""
    ipython = ModuleType("IPython")
    ipython.__dict__["get_ipython"] = lambda: shell
    monkeypatch.setitem(sys.modules, "IPython", ipython)


def test_a_script_prints_the_address(capsys: pytest.CaptureFixture[str], opened: list[str]) -> None:
    page = show("?landscape=ravine")
    assert capsys.readouterr().out == f"Cliffscape is at {page.url}\n"
    assert page.url.endswith("/?landscape=ravine") and opened == []
    assert httpx2.get(page.url).status_code == 200


def test_a_script_opens_a_tab_if_asked_or_at_a_desktop(monkeypatch: pytest.MonkeyPatch, opened: list[str]) -> None:
    asked = show(open_tab=True)
    monkeypatch.setattr(module, "at_desktop", lambda: True)
    desktop = show("steps=3")
    show("steps=4", open_tab=False)
    assert opened == [asked.url, desktop.url]


def test_a_desktop_is_a_terminal_with_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    assert not at_desktop()
    monkeypatch.setenv("DISPLAY", ":0")
    assert at_desktop()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: False))
    assert not at_desktop()


def test_a_second_page_uses_the_same_server_until_it_is_stopped() -> None:
    first, second = show(), show("steps=3")
    assert second.url == f"{first.url}?steps=3"
    first.stop()
    assert repr(second) == "Cliffscape has been stopped"
    assert second._repr_html_() == "<p>Cliffscape has been stopped</p>"
    third = show()
    assert third.url != first.url and repr(third) == f"Cliffscape is at {third.url}"


def test_a_notebook_shows_a_frame_and_prints_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], opened: list[str]
) -> None:
    use_ipython(monkeypatch, SimpleNamespace(kernel=object()))
    page = show("steps=3", height=432)
    assert capsys.readouterr().out == "" and opened == []
    content = page._repr_html_()
    assert f'src="{page.url}"' in content and 'height="432"' in content
    proxied = show("steps=3", proxy="/hub/{port}/")._repr_html_()
    assert f'src="/hub/{page.url.split(":")[2]}"' in proxied


def test_a_notebook_is_a_shell_with_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.delitem(sys.modules, "marimo", raising=False)
    assert not in_notebook()
    use_ipython(monkeypatch, None)
    assert not in_notebook()
    use_ipython(monkeypatch, SimpleNamespace())
    assert not in_notebook()
    page = show("steps=3")
    assert "<script>" in page._repr_html_()
    marimo = ModuleType("marimo")
    marimo.__dict__["running_in_notebook"] = lambda: True
    monkeypatch.setitem(sys.modules, "marimo", marimo)
    assert in_notebook()
    # It would put HTML with a script into a frame of its own, of 400 pixels.
    assert "<script>" not in page._repr_html_()


def test_waiting_ends_with_the_server_or_with_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    page = show()
    threading.Timer(0.05, page.stop).start()
    page.wait()
    page, calls = show(), list[int]()

    def interrupt() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(page._server, "wait", interrupt)
    page.wait()
    # Stopping waits as well.
    assert len(calls) == 2 and not page._server.running


def test_what_has_no_page_is_refused() -> None:
    with pytest.raises(
        TypeError, match=r"shown must be a link, the result of run\(\) or compare\(\), or a view of slice\(\), got int"
    ):
        show(3)
