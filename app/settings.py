"""Settings: one environment variable each, ``CLIFFSCAPE_`` and the name in capitals."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """What whoever runs the server may choose; every default suits a laptop and a classroom."""

    model_config = SettingsConfigDict(env_prefix="CLIFFSCAPE_", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 lets other machines in.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$", description="auto, cpu, cuda or cuda:1.")
    threads: int = Field(
        default=0, ge=0, le=1024, description="Threads of PyTorch; 0 means one up to two cores, else one per core."
    )
    cache_bytes: int = Field(default=256 << 20, ge=0, description="Memory for frames that were computed before.")
    kernel_bytes: int = Field(default=32 << 20, ge=0, description="Memory for kernels that were traced before.")
    view_bytes: int = Field(default=64 << 20, ge=0, description="Memory for slices of nets that were laid before.")
    run_bytes: int = Field(default=256 << 20, ge=0, description="Memory for training runs, to go on with or look at.")
    body_bytes: int = Field(default=64 << 10, ge=1024, description="Largest request body that is read.")
    slots: int = Field(default=32, ge=1, description="How many requests share the compute worker, turn by turn.")
    queue_length: int = Field(
        default=64, ge=0, description="How many more requests may wait before one is told to come back."
    )
    deadline_seconds: float = Field(default=30, gt=0, description="How long one request may compute and wait in all.")
    long_deadline_seconds: float = Field(
        default=3600,
        gt=0,
        description="The same for a recurrent network and for outcomes, whose pictures come piece by piece.",
    )
    chunk_milliseconds: float = Field(
        default=25,
        gt=0,
        le=50,
        description="How long one turn on the compute worker should take; cancelling acts after it.",
    )
    text_file: Path | None = Field(
        default=None, description="A UTF-8 text for nets that foretell characters; without one, a small sample."
    )
    lessons_folder: Path | None = Field(
        default=None, description="A folder of lessons of your own, listed after those that come with Cliffscape."
    )
    memory_bytes: int = Field(
        default=512 << 20, ge=1 << 20, description="Memory for one chunk of a net's surface; less where it runs out."
    )
    compile: bool = Field(
        default=True,
        description="Whether a compiler, the machine's or that of PyTorch for CUDA, may speed up sweeps and surfaces.",
    )
    warm: bool = Field(default=True, description="Whether to prepare the opening page in the background at start.")
    reload: bool = Field(
        default=False, description="Whether to read templates and static files again when they change."
    )
    static_folder: Path = Field(default=PROJECT / "static", description="Folder of the page's scripts and styles.")
    template_folder: Path = Field(default=PROJECT / "templates", description="Folder of the page's templates.")
