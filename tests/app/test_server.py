"""The server's process: what it says at the start. ``web/test_server.py`` tests it over sockets."""

import pytest

from cliffscape.app import server
from cliffscape.app.settings import Settings
from cliffscape.app.web.listener import open_listener


def sentences(settings: Settings) -> list[str]:
    """What the server says, with PORT for its port."""
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        return [one.replace(f":{port}/", ":PORT/") for one in server.announcements(settings, listener)]


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:PORT/"), ("::1", "http://[::1]:PORT/"), ("lab-3", "http://lab-3:PORT/")],
)
def test_one_address_is_one_sentence(host: str, url: str) -> None:
    assert sentences(Settings(host=host)) == [f"Cliffscape is at {url} (Ctrl-C stops it)"]


def test_all_addresses_come_with_the_names_that_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "own_address", lambda family: "192.168.1.5")
    settings = Settings(host="0.0.0.0", allowed_hosts=("lab.example.org",), root_path="/cliffs")
    assert sentences(settings) == [
        "Cliffscape is at http://127.0.0.1:PORT/cliffs/ (Ctrl-C stops it)",
        "Other machines reach it at http://192.168.1.5:PORT/cliffs/",
        "It answers to every IP address of this machine and to localhost, lab.example.org.",
        "Add names with --allowed-hosts, such as --allowed-hosts lab.example.org.",
    ]


def test_a_machine_without_a_network_has_no_other_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "own_address", lambda family: None)
    said = sentences(Settings(host="::", allowed_hosts=()))
    assert said[0] == "Cliffscape is at http://[::1]:PORT/ (Ctrl-C stops it)"
    assert said[1] == "It answers to every IP address of this machine and to localhost."


def test_asking_for_the_own_address_sends_nothing_and_never_fails() -> None:
    for family in server.ELSEWHERE:
        address = server.own_address(family)
        assert address is None or address not in server.ELSEWHERE.values()
