"""The command line: ``cliffscape serve`` and ``cliffscape run``."""

import os
import socket
import webbrowser
from typing import Annotated

import typer

from app.settings import Settings

# Idle threads of PyTorch must sleep, not spin; it reads this once, when it is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.callback()
def about() -> None:
    """Loss landscapes with cliffs: watch gradient descent get thrown, and clipping hold it."""


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any free one.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or cuda:1.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of PyTorch; 0 chooses.")] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Serve the page; Ctrl-C stops."""
    given = {"host": host, "port": port, "device": device, "threads": threads}
    settings = Settings.model_validate({name: value for name, value in given.items() if value is not None})
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        typer.echo(f"cannot listen on {settings.host} port {settings.port}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    # Heavy imports only now, so that help and mistakes answer at once.
    import uvicorn  # noqa: PLC0415

    from app.main import create_app  # noqa: PLC0415

    url = f"http://{settings.host}:{listener.getsockname()[1]}/"
    config = uvicorn.Config(create_app(settings), server_header=False, log_level="warning", timeout_graceful_shutdown=2)
    typer.echo(f"Cliffscape is at {url} (Ctrl-C stops it)")
    if open:
        webbrowser.open(url)
    uvicorn.Server(config).run(sockets=[listener])


def main() -> None:
    """Entry point of the console script."""
    cli()
