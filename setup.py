"""What an installation holds: four folders of the repository under the one import name ``cliffscape``.

Everything else about the project is in pyproject.toml. The names ``app`` and ``landscapes`` alone would collide with
other packages, and setuptools can only rename what is listed package by package.

A package index shows the README without the repository. So its links and pictures get absolute addresses, if the
repository's address is known.
"""

import re
import tomllib
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
REPOSITORY = PROJECT["tool"]["cliffscape"]["repository"].rstrip("/")
VERSION = f"v{PROJECT['project']['version']}"

CODE = ["app", "landscapes"]
DATA = ["static", "templates"]


def addresses() -> dict[str, str]:
    """Where to find the project, by the names that package indexes know."""
    pages = {"Homepage": "", "Documentation": f"/tree/{VERSION}/docs", "Issues": "/issues"}
    return {name: f"{REPOSITORY}{page}" for name, page in pages.items()} if REPOSITORY else {}


def readme() -> str:
    """The README, whose links to files of the repository are absolute if its address is known."""
    text = (ROOT / "README.md").read_text("utf-8")

    def absolute(link: re.Match[str]) -> str:
        kind = "raw" if link["picture"] else "blob"
        return f"{link['picture']}[{link['words']}]({REPOSITORY}/{kind}/{VERSION}/{link['file']})"

    local = r"(?P<picture>!?)\[(?P<words>[^\]]*)\]\((?P<file>(?!\w+:|#)[^)]+)\)"
    return re.sub(local, absolute, text) if REPOSITORY else text


# The folders are listed by name: in the Dockerfile they are empty when the package is installed.
setup(
    long_description=readme(),
    long_description_content_type="text/markdown",
    project_urls=addresses(),
    packages=[
        "cliffscape",
        *(f"cliffscape.{folder}" for folder in CODE + DATA),
        *(f"cliffscape.{package}" for package in find_packages(include=[f"{folder}.*" for folder in CODE])),
    ],
    package_dir={f"cliffscape.{folder}": folder for folder in CODE + DATA},
    package_data={
        **{f"cliffscape.{folder}": ["**/*"] for folder in DATA},
        "cliffscape.landscapes.backends": ["**/*.c"],
    },
)
