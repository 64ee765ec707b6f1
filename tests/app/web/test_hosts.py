"""Hosts: which Host and Origin headers belong to this server."""

import pytest

from cliffscape.app.web.hosts import AllowedHosts, split_host

HOSTS = AllowedHosts("mine.local", ("lab.example.org", "*.school.example"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("localhost", ("localhost", "")),
        ("LOCALHOST:8000", ("localhost", "8000")),
        ("lab.example.org.:80", ("lab.example.org", "80")),
        ("127.0.0.1:8000", ("127.0.0.1", "8000")),
        ("[::1]:8000", ("::1", "8000")),
        ("[fe80::1]", ("fe80::1", "")),
        ("", None),
        ("evil.example@localhost", None),
        ("localhost:8000:8000", None),
        ("localhost, evil.example", None),
        ("::1", None),
        ("localhost\n", None),
    ],
)
def test_a_host_has_a_name_and_a_port(text: str, parts: tuple[str, str] | None) -> None:
    assert split_host(text) == parts


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("localhost", True),
        ("cliffs.localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        # Never a name that an attacker's DNS server answers for.
        ("192.168.1.5", True),
        ("mine.local", True),
        ("lab.example.org", True),
        ("a.school.example", True),
        ("school.example", False),
        ("evilschool.example", False),
        ("localhost.evil.example", False),
        ("evil.example", False),
        # Browsers write an address in one form only, so these are names.
        ("127.1", False),
        ("2130706433", False),
    ],
)
def test_names_that_are_allowed(name: str, allowed: bool) -> None:
    assert HOSTS.allow(name) == allowed


def test_a_star_allows_every_name_but_no_foreign_page() -> None:
    hosts = AllowedHosts("0.0.0.0", ("*",))
    assert hosts.allow("evil.example")
    assert not hosts.is_own("http://evil.example", "127.0.0.1:8000")


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://localhost", "localhost:80", True),
        ("https://cliffs.example.org", "cliffs.example.org", True),
        ("https://cliffs.example.org", "cliffs.example.org:443", True),
        # A proxy at this name sends its own Host.
        ("https://lab.example.org", "127.0.0.1:8000", True),
        ("http://localhost:3000", "localhost:8000", False),
        ("http://127.0.0.1:8000", "localhost:8000", False),
        ("http://evil.example", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000.evil.example", "127.0.0.1:8000", False),
        ("null", "127.0.0.1:8000", False),
        ("", "", False),
    ],
)
def test_an_origin_is_this_servers_or_another(origin: str, host: str, own: bool) -> None:
    assert HOSTS.is_own(origin, host) == own
