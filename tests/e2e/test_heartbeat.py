"""Heartbeats of a real player: kept while nobody is there, late with their own times, and told in two more places."""

from __future__ import annotations

import base64
import io
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from cache import Board
from sandbox._serve import bind
from sandbox.exchange import Book, Mix, make_app
from tests.e2e.harness import COMMAND, environ
from tests.player.heartbeat.facts import faults
from tests.player.heartbeat.test_emf import check

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(200)]

CONFIG = """\
[screen]
id = "bar-7"
size = "640x360"

[layout]
panels = ["clock"]

[cache]
dir = "{state}"

[fetch]
allow_hosts = ["127.0.0.1:{port}"]

[heartbeat]
url = "http://127.0.0.1:{port}/heartbeat"
seconds = 1
thumbnail_every = 2
emf = "OohPlayer"
textfile = "{state}/ooh_player.prom"

[[loop]]
kind = "content"
seconds = 1
"""


def until(what: Callable[[], object], log: Path, timeout_s: float = 90) -> None:
    for _ in range(round(timeout_s / 0.1)):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


@contextmanager
def player(folder: Path, port: int) -> Iterator[Path]:
    """The daemon, headless; its log."""
    (folder / "player.toml").write_text(CONFIG.format(state=folder / "state", port=port))
    log = folder / "log"
    with log.open("wb") as out:
        argv = [str(COMMAND), "run", "--headless", "--config", str(folder / "player.toml")]
        process = subprocess.Popen(argv, env=environ(folder), cwd=folder, stderr=out)
    try:
        yield log
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(30)


@contextmanager
def receiver(port: int) -> Iterator[Book]:
    app = make_app(Mix())
    server = bind(app, port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app.config["BOOK"]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_is_kept_arrives_late_with_its_own_time(tmp_path: Path) -> None:
    port = free_port()
    run = tmp_path / "state" / "run"
    with player(tmp_path, port) as log:
        until(lambda: (Board.read(run, "agent") or {}).get("heartbeats_kept", 0) >= 5, log)
        until(lambda: Board.read(run, "screen"), log)
        came_back = datetime.now(UTC) - timedelta(seconds=2)  # one that was on its way may be the first to arrive
        with receiver(port) as book:
            until(lambda: len(late(book.heartbeats(), came_back)) >= 2, log)
            until(lambda: any(beat["thumbnail"] for beat in book.heartbeats()), log)
            beats = book.heartbeats()
    for beat in beats:
        assert faults(beat) == []
    kept = late(beats, came_back)
    assert [beat["seq"] for beat in kept] == sorted(beat["seq"] for beat in kept)
    assert kept[0]["seq"] == 1
    assert len({beat["id"] for beat in beats}) == len(beats)
    check_picture(next(beat["thumbnail"] for beat in beats if beat["thumbnail"]))
    families = {
        family.name for family in text_string_to_metric_families((tmp_path / "state/ooh_player.prom").read_text())
    }
    assert {"ooh_player_plays", "ooh_player_info", "ooh_player_heartbeats_kept"} <= families
    lines = [line for line in log.read_text("utf-8").splitlines() if line.startswith('{"_aws"')]
    assert [check(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) >= len(beats)


def late(beats: list[dict[str, Any]], came_back: datetime) -> list[dict[str, Any]]:
    """Those that were made before anybody listened."""
    return [beat for beat in beats if datetime.fromisoformat(beat["sent_at"]) < came_back]


def check_picture(thumbnail: dict[str, Any]) -> None:
    data = base64.b64decode(thumbnail["data"])
    assert len(data) <= 32_000
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 180))
        assert max(picture.convert("L").tobytes()) > 60, "not black"
