"""Settings of the server. Each has an environment variable: ``CLIFFSCAPE_`` and the name in capitals."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT = Path(__file__).parent.parent
# The address of a cluster that the server starts itself.
LOCAL = "local"
HOST_NAME = r"(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
# An origin as a security policy names it, such as https://moodle.example.org or http://localhost:*.
# VS Code shows notebooks under a scheme of its own, which * does not include.
ANCESTOR = re.compile(rf"self|\*|vscode-webview:|https?:(?://(?:{HOST_NAME}|\[[0-9A-Fa-f:.]+\])(?::(?:\d+|\*))?)?")
ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9._~@%+-]+)*")


def split_words(value: object) -> object:
    """A list that is written as text, with commas or spaces."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def split_paths(value: object) -> object:
    """A list of paths that is written as text, as in PATH."""
    return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value


def check_each(words: Iterable[str], pattern: re.Pattern[str], bound: str) -> None:
    """Raise an error if a word has another form."""
    for word in words:
        if not pattern.fullmatch(word):
            raise PydanticCustomError("form", "each must be {bound}", {"bound": bound})


def check_hosts(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of hosts, without ports."""
    check_each(names, re.compile(rf"\*|{HOST_NAME}"), "a name such as lab.example.org or *.example.org, without a port")
    return names


def check_ancestors(origins: tuple[str, ...]) -> tuple[str, ...]:
    """Origins without their quotes: ``self`` is in quotes in a security policy."""
    origins = tuple(origin.strip("'\"") for origin in origins)
    check_each(origins, ANCESTOR, "self, * or an origin such as https://moodle.example.org")
    return origins


def check_root_path(path: str) -> str:
    """A path without a slash at the end."""
    path = path.rstrip("/")
    if not ROOT_PATH.fullmatch(path):
        raise PydanticCustomError("form", "must be a path such as /some/prefix")
    return path


Paths = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(split_paths)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_words)]


class Settings(BaseSettings):
    """The server's settings; every default suits a laptop and a classroom."""

    model_config = SettingsConfigDict(env_prefix="CLIFFSCAPE_", frozen=True)

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 accepts connections from other machines."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 selects a free one.")
    allowed_hosts: Annotated[Words, AfterValidator(check_hosts)] = Field(
        default=(),
        description="Names under which the server may be addressed, in addition to localhost and IP addresses; "
        "*.example.org allows all names below example.org.",
    )
    frame_ancestors: Annotated[Words, AfterValidator(check_ancestors)] = Field(
        default=("self",),
        description="Origins whose pages may show this page in a frame, such as https://moodle.example.org; "
        "self is this server.",
    )
    root_path: Annotated[str, AfterValidator(check_root_path)] = Field(
        default="", description="Path under which a reverse proxy serves the page, such as /some/prefix."
    )
    device: str = Field(
        default="auto",
        pattern=r"^(auto|cpu|cuda(:\d+)?)$",
        description="Device to compute on: auto, cpu, cuda or cuda:1.",
    )
    cluster: str = Field(
        default="",
        description="Compute on a cluster of Ray: local starts one on this machine, and an address such as "
        "ray://head:10001 joins one.",
    )
    cluster_optional: bool = Field(
        default=False, description="Whether to compute in this process if the cluster cannot be used."
    )
    cluster_actors: int = Field(
        default=0, ge=0, le=1024, description="Actors of the cluster; 0 means as many as its GPUs or cores allow."
    )
    cluster_cores: int = Field(
        default=0, ge=0, le=64, description="Cores of an actor without a GPU; 0 means up to four."
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=1024,
        description="Threads for PyTorch; 0 means one thread per core, or a single thread with two cores or fewer.",
    )
    cache_bytes: int = Field(default=256 << 20, ge=0, description="Bytes of memory for the cache of frames.")
    kernel_bytes: int = Field(default=32 << 20, ge=0, description="Bytes of memory for the cache of traced kernels.")
    view_bytes: int = Field(default=64 << 20, ge=0, description="Bytes of memory for the cache of slices of networks.")
    run_bytes: int = Field(
        default=256 << 20, ge=0, description="Bytes of memory for training runs that can be continued or displayed."
    )
    # A request with 200 keys of the greatest length has about 15 kB.
    body_bytes: int = Field(default=64 << 10, ge=1024, description="Largest request body in bytes.")
    # A class of thirty, with a request each.
    slots: int = Field(default=32, ge=1, description="Number of long requests that take turns on the compute worker.")
    # Four requests of each of 300 pages. A request that waits takes a few kilobytes.
    queue_length: int = Field(
        default=1200,
        ge=0,
        description="Number of further requests, short or waiting; beyond that the server answers 503.",
    )
    # A page has seven lines with one request each; a client without a page counts by its address.
    client_requests: int = Field(
        default=32, ge=0, description="Number of unfinished requests of one client; 0 means no bound."
    )
    deadline_seconds: float = Field(default=30, gt=0, description="Seconds that a request may take, waiting included.")
    long_deadline_seconds: float = Field(
        default=3600,
        gt=0,
        description="The same for recurrent networks and outcome maps, which are sent in pieces.",
    )
    # With turns of 50 ms and 32 busy slots a job already waits 1.6 s between two of its chunks.
    chunk_milliseconds: float = Field(
        default=25,
        gt=0,
        le=50,
        description="Length of a turn on the compute worker in milliseconds; a cancelled request stops after its turn.",
    )
    text_file: Path | None = Field(
        default=None,
        description="A text file, in UTF-8, for networks that predict characters; by default a small sample.",
    )
    lessons_folder: Path | None = Field(
        default=None, description="A folder with your own lessons, which are listed after the built-in ones."
    )
    landscape_files: Paths = Field(
        default=(),
        description="Python files with landscapes of your own, which are listed after those of the catalogue.",
    )
    outcome_maps: Literal["auto", "browser", "server"] = Field(
        default="auto",
        description="Who computes outcome maps of up to 129 by 129 cells: the browser, the server, or auto: the server "
        "if it has a GPU or the browser runs on the same machine, otherwise the browser.",
    )
    memory_bytes: int = Field(
        default=512 << 20,
        ge=1 << 20,
        description="Bytes of memory for one chunk of a network's surface; fewer if memory runs out.",
    )
    compile: bool = Field(
        default=True,
        description="Whether to speed up sweeps and surfaces with a C compiler, or on a GPU with NVRTC.",
    )
    cache_folder: Path | None = Field(
        default=None,
        description="Folder for compiled routines; by default the user's folder for caches, such as ~/.cache.",
    )
    library_bytes: int = Field(default=64 << 20, ge=0, description="Bytes on disk for compiled routines.")
    warm: bool = Field(default=True, description="Whether to prepare the opening page in the background at startup.")
    reload: bool = Field(default=False, description="Whether to reload templates and static files when they change.")
    static_folder: Path = Field(
        default=PROJECT / "static", description="Folder of the page's scripts and style sheets."
    )
    template_folder: Path = Field(default=PROJECT / "templates", description="Folder of the page's templates.")

    @property
    def framed(self) -> bool:
        """Whether pages of other sites may show the page in a frame."""
        return any(origin != "self" for origin in self.frame_ancestors)
