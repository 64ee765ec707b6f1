"""What an installation holds: four folders of the repository under the one import name ``cliffscape``.

Everything else about the project is in pyproject.toml. The names ``app`` and ``landscapes`` alone would collide with
other packages, and setuptools can only rename what is listed package by package.
"""

from setuptools import find_packages, setup

CODE = ["app", "landscapes"]
DATA = ["static", "templates"]

# The folders are listed by name: in the Dockerfile they are empty when the package is installed.
setup(
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
