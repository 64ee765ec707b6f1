"""What files with a Scene's results say about themselves: the Scene's link, and the version of the program."""

from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from urllib.parse import urlencode

from cliffscape.app.scene.links import to_query
from cliffscape.app.scene.schema import Scene


@lru_cache(maxsize=1)
def version() -> str:
    """The version of Cliffscape, or ``unknown`` if it runs without being installed."""
    try:
        return installed_version("cliffscape")
    except PackageNotFoundError:
        return "unknown"


def link(scene: Scene) -> str:
    """The Scene's link without an address: it opens on every server, and ``cliffscape run`` takes it as it is."""
    return "?" + urlencode(to_query(scene) or {"landscape": scene.landscape.kind}, safe=",")


def metadata(scene: Scene) -> dict[str, str]:
    """Link and version, by name."""
    return {"link": link(scene), "version": version()}
