"""Settings of the server. Each has an environment variable: ``CLIFFSCAPE_`` and the name in capitals."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """The server's settings; every default suits a laptop and a classroom."""

    model_config = SettingsConfigDict(env_prefix="CLIFFSCAPE_", frozen=True)

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 accepts connections from other machines."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 selects a free one.")
    device: str = Field(
        default="auto",
        pattern=r"^(auto|cpu|cuda(:\d+)?)$",
        description="Device to compute on: auto, cpu, cuda or cuda:1.",
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
    slots: int = Field(default=32, ge=1, description="Number of requests that take turns on the compute worker.")
    queue_length: int = Field(
        default=64, ge=0, description="Number of further requests that may wait; beyond that the server answers 503."
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
    memory_bytes: int = Field(
        default=512 << 20,
        ge=1 << 20,
        description="Bytes of memory for one chunk of a network's surface; fewer if memory runs out.",
    )
    compile: bool = Field(
        default=True,
        description="Whether to speed up sweeps and surfaces with a C compiler, or on a GPU with NVRTC.",
    )
    warm: bool = Field(default=True, description="Whether to prepare the opening page in the background at startup.")
    reload: bool = Field(default=False, description="Whether to reload templates and static files when they change.")
    static_folder: Path = Field(
        default=PROJECT / "static", description="Folder of the page's scripts and style sheets."
    )
    template_folder: Path = Field(default=PROJECT / "templates", description="Folder of the page's templates.")
