"""The demo's processes: the sandbox's two servers, the screen and the agent."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from player.demo._options import DemoOptions
from player.demo._place import Place
from player.demo._ports import Ports
from player.demo._toml import STREAM
from player.supervisor import Child

_AWS_OF_THE_SANDBOX = {
    "AWS_ACCESS_KEY_ID": "sandbox",
    "AWS_SECRET_ACCESS_KEY": "sandbox",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def demo_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the demo's processes: nothing of the user's own AWS account or player configuration."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("AWS_", "OOH_PLAYER_"))}
    return {**kept, **_AWS_OF_THE_SANDBOX}


def sandbox_children(
    ports: Ports, folder: Path, *, slot_ms: int, env: Mapping[str, str] | None = None, logs: Path | None = None
) -> list[Child]:
    """The stream and the exchange (with feeds and heartbeat receiver)."""
    me = (sys.executable, "-m", "sandbox")
    stream = ("stream", "--port", str(ports.stream), "--dir", str(folder / "stream"), "--stream", f"{STREAM}:2")
    exchange = ("exchange", "--port", str(ports.exchange), "--slot-ms", str(slot_ms))
    return [
        Child("stream", (*me, *stream), env=env, output=_log(logs, "stream")),
        Child("exchange", (*me, *exchange), env=env, output=_log(logs, "exchange")),
    ]


def agent_child(place: Place, env: Mapping[str, str]) -> Child:
    """The process with the network."""
    argv = (sys.executable, "-m", "player", "agent", "--config", str(place.toml))
    return Child("agent", argv, env=env, output=_log(place.logs, "agent"))


def screen_child(place: Place, options: DemoOptions, env: Mapping[str, str]) -> Child:
    """The process with the display; it ends by itself after the wanted plays."""
    argv = (sys.executable, "-m", "player", "screen", "--config", str(place.toml))
    what = ("--plays", str(options.plays), "--capture", str(place.captures))
    head = ("--headless",) if options.headless else ()
    return Child("screen", (*argv, *what, *head), env=env, done_on_success=True, output=_log(place.logs, "screen"))


def _log(logs: Path | None, name: str) -> Path | None:
    return logs / f"{name}.log" if logs else None
