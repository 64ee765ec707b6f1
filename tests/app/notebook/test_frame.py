"""Frame: its HTML, and the addresses through known proxies. tests/browser/notebook tests its script."""

import sys
from html.parser import HTMLParser
from types import ModuleType

import pytest

from cliffscape.app.notebook.frame import frame_html, proxied_address
from cliffscape.landscapes.bound_error import BoundError

PATH = "/token/?a=1&b=2"
URL = f"http://127.0.0.1:9000{PATH}"


class Elements(HTMLParser):
    """The elements of an HTML text with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str | None]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add an element."""
        assert tag not in self.found
        self.found[tag] = dict(attrs)


def elements(proxied: str | None = None) -> dict[str, dict[str, str | None]]:
    """The elements of a frame."""
    return Elements(frame_html(URL, PATH, 9000, 640, proxied)).found


def test_it_has_a_frame_and_a_link_to_the_same_page() -> None:
    found = elements()
    assert list(found) == ["div", "iframe", "a", "script"]
    assert found["iframe"]["src"] == found["a"]["href"] == URL
    assert found["iframe"]["height"] == "640" and found["iframe"]["title"] == "Cliffscape"
    assert (found["a"]["target"], found["a"]["rel"]) == ("_blank", "noopener")


def test_frames_of_one_notebook_have_names_of_their_own() -> None:
    assert elements()["iframe"]["id"] != elements()["iframe"]["id"]


def test_with_a_known_proxy_there_is_no_script() -> None:
    found = elements("/hub/proxy/9000/token/?a=1&b=2")
    assert found["iframe"]["src"] == found["a"]["href"] == "/hub/proxy/9000/token/?a=1&b=2"
    assert "script" not in found


def test_in_colab_nothing_is_requested_from_the_readers_own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    assert elements()["iframe"]["src"] == "about:blank"


def test_a_link_cannot_end_the_script_or_the_attribute() -> None:
    path = '/token/?formula="</script><b>'
    text = frame_html(f"http://127.0.0.1:9000{path}", path, 9000, 640, None)
    assert text.count("</script>") == 1 and "<b>" not in text
    assert Elements(text).found["iframe"]["src"] == f"http://127.0.0.1:9000{path}"


def test_proxies_are_named_by_the_call_the_environment_or_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX", raising=False)
    assert proxied_address(None, 9000, PATH) is None
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    assert proxied_address(None, 9000, PATH) == f"/user/ada/proxy/9000{PATH}"
    monkeypatch.setenv("CLIFFSCAPE_PROXY", "/jupyter/default/proxy/{port}")
    assert proxied_address(None, 9000, PATH) == f"/jupyter/default/proxy/9000{PATH}"
    assert proxied_address("https://{port}.example.org/", 9000, PATH) == f"https://9000.example.org{PATH}"


def test_a_proxy_without_a_port_is_refused() -> None:
    bound = r"^proxy must be an address with {port} in the place of the port, got /proxy/8000/$"
    with pytest.raises(BoundError, match=bound):
        proxied_address("/proxy/8000/", 9000, PATH)
