"""Settings: an environment variable each, named ``CLIFFSCAPE_`` and the setting in capitals."""

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
        description="Threads of PyTorch; 0 means one thread per core, or a single thread with two cores or fewer.",
    )
    cache_bytes: int = Field(default=256 << 20, ge=0, description="Bytes of memory for the cache of frames.")
    kernel_bytes: int = Field(default=32 << 20, ge=0, description="Bytes of memory for the cache of traced kernels.")
    view_bytes: int = Field(default=64 << 20, ge=0, description="Bytes of memory for the cache of slices of networks.")
    run_bytes: int = Field(
        default=256 << 20, ge=0, description="Bytes of memory for training runs that can be continued or displayed."
    )
    body_bytes: int = Field(default=64 << 10, ge=1024, description="Largest request body in bytes.")
    slots: int = Field(default=32, ge=1, description="How many requests share the compute worker in turns.")
    queue_length: int = Field(
        default=64, ge=0, description="How many more requests may wait; further ones are answered 503."
    )
    deadline_seconds: float = Field(default=30, gt=0, description="Seconds that a request may take, waiting included.")
    long_deadline_seconds: float = Field(
        default=3600,
        gt=0,
        description="The same for recurrent networks and outcome maps, which are sent in pieces.",
    )
    chunk_milliseconds: float = Field(
        default=25,
        gt=0,
        le=50,
        description="Milliseconds of a turn on the compute worker; a cancelled request stops after its turn.",
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
