"""``sandbox``: the sandbox alone, for trying a real player against it."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import click

from cache import SystemClock
from player.cli._common import config_option, errors_told, read_config
from player.demo import DEMO_EXCHANGES, Ports, demo_environ, player_toml, sandbox_children, write_key
from player.supervisor import Supervisor


@click.command()
@click.option("--port", type=click.IntRange(1024, 65534), default=8420, show_default=True, help="Its first port.")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("out/sandbox"))
@click.option(
    "--exchange", type=click.Choice(DEMO_EXCHANGES), default="openrtb", show_default=True, help="The dialect to try."
)
@config_option
@errors_told
def sandbox(port: int, folder: Path, exchange: str, config_path: Path | None) -> None:
    """Start the local exchange, feeds, heartbeat receiver (PORT) and stream (PORT+1), and print a config for them.

    \b
    Example:  ooh-player sandbox --port 8420
    """
    read_config(config_path)
    ports = Ports(exchange=port, stream=port + 1)
    for number in (ports.exchange, ports.stream):
        _must_be_free(number)
    folder.mkdir(parents=True, exist_ok=True)
    toml = folder / "player.toml"
    write_key(folder)
    toml.write_text(player_toml(ports, folder, slot_seconds=8.0, dialect=exchange), encoding="utf-8")
    click.echo(f"exchange, feeds and heartbeats on http://127.0.0.1:{ports.exchange}")
    click.echo(f"Kinesis-compatible stream on http://127.0.0.1:{ports.stream}")
    click.echo(f"a player for it:  ooh-player run --config {toml}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    Supervisor(sandbox_children(ports, folder, slot_ms=8000, env=demo_environ(os.environ)), SystemClock()).run(stop)


def _must_be_free(port: int) -> None:
    """A server that can never start would only be started again and again."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            message = f"port {port} on 127.0.0.1 is taken ({error.strerror}); name another with --port"
            raise click.UsageError(message) from error
