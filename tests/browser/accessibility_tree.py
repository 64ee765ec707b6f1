"""The accessibility tree of a page, as a screen reader gets it from the browser."""

from typing import Any

from tests.browser.visitor import Visitor

OPERABLE = {"button", "textbox", "slider", "combobox", "link", "checkbox", "radio", "spinbutton", "tab"}


def tree(visitor: Visitor) -> list[dict[str, Any]]:
    """The nodes of the accessibility tree that the browser does not ignore."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node["ignored"]]


def role(node: dict[str, Any]) -> str:
    """The role of a node."""
    return str(node["role"]["value"])


def name(node: dict[str, Any]) -> str:
    """The name of a node."""
    return str(node.get("name", {}).get("value", "")).strip()
