"""Addresses under which the page is found: on this machine, and on others."""

import socket

import pytest

from cliffscape.app.settings import Settings
from cliffscape.app.web.sharing import addresses
from cliffscape.app.web.sharing.addresses import EVERYWHERE, network_urls, own_addresses, page_url


@pytest.mark.parametrize(
    ("host", "own", "others"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/x/", []),
        ("localhost", "http://localhost:8000/x/", []),
        ("192.168.1.5", "http://192.168.1.5:8000/x/", ["http://192.168.1.5:8000/x/"]),
        ("0.0.0.0", "http://127.0.0.1:8000/x/", ["http://10.0.0.7:8000/x/", "http://[2001:db8::7]:8000/x/"]),
    ],
)
def test_the_page_has_an_address_here_and_elsewhere(
    monkeypatch: pytest.MonkeyPatch, host: str, own: str, others: list[str]
) -> None:
    monkeypatch.setattr(addresses, "own_addresses", lambda everywhere: ["10.0.0.7", "2001:db8::7"])
    settings = Settings(host=host, root_path="/x")
    assert page_url(settings, 8000) == own
    assert network_urls(settings, 8000) == others


def test_the_address_on_the_way_to_others_is_first_and_none_is_there_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["127.0.0.1", "172.16.0.9", "10.0.0.7", "169.254.1.2"]
    monkeypatch.setattr(addresses, "own_address", lambda everywhere: "10.0.0.7")
    monkeypatch.setattr(addresses, "interface_addresses", lambda family: found)
    monkeypatch.setattr(addresses, "named_addresses", lambda family: found)
    assert own_addresses(EVERYWHERE["0.0.0.0"]) == ["10.0.0.7", "172.16.0.9"]


@pytest.mark.parametrize("everywhere", EVERYWHERE.values(), ids=EVERYWHERE)
def test_the_addresses_of_this_machine_are_of_the_family(everywhere: addresses.Everywhere) -> None:
    for address in own_addresses(everywhere):
        socket.inet_pton(everywhere.family, address)


def test_the_own_name_is_looked_up_without_an_error() -> None:
    assert all(isinstance(one, str) for one in addresses.named_addresses(socket.AF_INET))
