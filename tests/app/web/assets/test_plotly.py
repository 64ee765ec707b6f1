"""Plotly.js comes from the Python package."""

from cliffscape.app.web.assets.plotly import Plotly


def test_plotly_comes_from_the_package() -> None:
    assert Plotly.version in Plotly.address
    body = (Plotly().prepare()).body
    assert f"plotly.js v{'.'.join(body[:200].decode().split(' v')[1].split('.')[:1])}" in body[:200].decode()
    assert len(body) > 1_000_000
