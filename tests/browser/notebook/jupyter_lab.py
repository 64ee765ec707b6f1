"""A real JupyterLab, in a process and a folder of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2

START_SECONDS = 60
OPTIONS = (
    *("--no-browser", "--allow-root", "--expose-app-in-browser", "--ServerApp.port_retries=50"),
    *("--ServerApp.log_level=ERROR", "--IdentityProvider.token="),
)


def notebook(cells: Sequence[str]) -> str:
    """The text of a notebook with these cells."""
    content = [
        {"cell_type": "code", "id": f"cell{k}", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
        for k, cell in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": content, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def await_address(process: subprocess.Popen[str], folder: Path) -> str:
    """The server's address, without its last slash, once the server answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "JupyterLab has ended"
        for file in folder.glob("jpserver-*.json"):
            # It may be incomplete.
            url = str(json.loads(file.read_text() or "{}").get("url", "")).rstrip("/")
            try:
                if url and httpx2.get(f"{url}/api").is_success:
                    return url
            except httpx2.ConnectError:
                pass
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab does not answer within {START_SECONDS} s")


@contextmanager
def run_jupyter_lab(folder: Path, cells: Sequence[str]) -> Iterator[str]:
    """The address of a JupyterLab without a token, which has one notebook, `test.ipynb`."""
    runtime = folder / "runtime"
    (folder / "work").mkdir()
    (folder / "work" / "test.ipynb").write_text(notebook(cells), encoding="utf-8")
    places = {"HOME": folder, "JUPYTER_CONFIG_DIR": folder / "config", "JUPYTER_RUNTIME_DIR": runtime}
    environment = {**os.environ, **{name: str(place) for name, place in places.items()}}
    # A name that the other tests allow.
    environment.pop("CLIFFSCAPE_ALLOWED_HOSTS", None)
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--ServerApp.root_dir={folder / 'work'}"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)
        try:
            yield await_address(process, runtime)
        finally:
            # It ends its kernels first.
            process.terminate()
            process.wait(30)
