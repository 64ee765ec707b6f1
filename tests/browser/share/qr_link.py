"""The link of a QR code on the page."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator


def coded_link(picture: Locator) -> str:
    """The link of a code that has been drawn."""
    picture.evaluate("(image) => image.decode()")
    return parse_qs(urlsplit(picture.get_attribute("src") or "").query)["text"][0]
