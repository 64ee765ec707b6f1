"""What an installation holds: four folders of the repository under the one import name ``cliffscape``.

Everything else about the project is in pyproject.toml. The names ``app`` and ``landscapes`` alone would collide with
other packages, and setuptools can only rename what is listed package by package.
"""

from setuptools import find_packages, setup

CODE = ["app", "landscapes"]
DATA = ["static", "templates"]

setup(
    packages=[
        "cliffscape",
        *(f"cliffscape.{package}" for folder in CODE for package in find_packages(include=[folder, f"{folder}.*"])),
        *(f"cliffscape.{folder}" for folder in DATA),
    ],
    package_dir={f"cliffscape.{folder}": folder for folder in CODE + DATA},
    package_data={f"cliffscape.{folder}": ["**/*"] for folder in DATA},
)
