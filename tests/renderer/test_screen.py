"""The screen process as it really runs: a warm cache, a subprocess, its pixels, its journal, its death."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from cache import Board, Doorbell, FeedSnapshot, LeaseState, PlayRow, ring
from config import Rect, Size
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.renderer.window.xserver import XServer

SIZE = Size(640, 360)
PANELS = Rect(420, 10, 210, 340)
FRAME_MS = 17
RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)
AD_LOOP = [{"kind": "ad", "seconds": 0.4, "transition": "fade"}]


def rows(warm: WarmCache) -> list[PlayRow]:
    return list(warm.journal.plays())


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 3 for a, b in zip(pixel, colour, strict=True))


def test_two_paid_ads_are_shown_and_proven(warm: WarmCache, tmp_path: Path) -> None:
    still = warm.plate("still", RED, panels=PANELS)
    moving = warm.plate("moving", BLUE, frames=[(BLUE, 100), (GREEN, 100)])
    warm.ad("lease-1", still, 600)
    warm.ad("lease-2", moving, 600)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=2)
    assert screen.ended() == 0
    first, second = rows(warm)
    assert [row.play.seq for row in (first, second)] == [1, 2]
    assert second.play.prev_hash == first.play.hash
    for row, lease_id in ((first, "lease-1"), (second, "lease-2")):
        play = row.play
        assert (play.kind, play.lease_id, play.end_reason, play.billable) == ("ad", lease_id, "complete", True)
        assert play.shown_ms is not None
        assert 600 - FRAME_MS <= play.shown_ms < 900
        assert play.planned_ms == 600
        assert play.display == "unknown"
        assert play.display_evidence == "offscreen 640x360"
        assert list(row.deliveries) == ["kinesis"]
    assert first.play.layout.creative == (0, 0, PANELS.x, SIZE.h)
    assert first.play.layout.panels == ("clock",)
    assert second.play.frames_presented is not None
    assert 5 <= second.play.frames_presented <= 8
    assert warm.journal.lease_counts()[LeaseState.PLAYED] == 2


def test_the_captures_are_what_was_presented(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("still", RED, panels=PANELS), 1000)
    warm.ad("lease-2", warm.plate("moving", BLUE, frames=[(BLUE, 400), (GREEN, 5000)]), 1000)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=2, captures=True)
    assert screen.ended() == 0
    folder = tmp_path / "captures"
    notes = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    assert [(note["seq"], note["kind"], note["creative_id"]) for note in notes] == [
        (1, "ad", "creative-lease-1"),
        (2, "ad", "creative-lease-2"),
        (2, "ad", "creative-lease-2"),
    ]
    assert [note["play_id"] for note in notes[:2]] == [row.play.id for row in rows(warm)]
    assert notes[2]["at_ms"] == pytest.approx(500, abs=150)
    pictures = [
        Image.frombytes("RGB", tuple(note["size"]), path.read_bytes(), "raw", "BGRX")
        for note, path in zip(notes, sorted(folder.glob("*.bgrx")), strict=True)
    ]
    assert near(pictures[0].getpixel((5, 5)), RED)
    assert near(pictures[1].getpixel((5, 5)), BLUE)
    assert near(pictures[2].getpixel((5, 5)), GREEN)
    panel = pictures[0].crop((PANELS.x, PANELS.y, PANELS.right, PANELS.bottom))
    assert len(panel.getcolors(100_000) or ()) > 20  # a clock was drawn, not a flat colour


def test_the_first_frame_comes_soon(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("still", RED, panels=PANELS), 400)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP)
    screen.until(lambda: screen.events("play.started"))
    board = Board.read(tmp_path / "run", "screen")
    assert board is not None
    assert board["pid"] == screen.process.pid
    assert board["showing"]["creative_id"] == "creative-lease-1"
    assert (board["driver"], board["size"], board["plays_shown"]) == ("offscreen", "640x360", 1)
    assert board["first_picture_ms"] == board["first_frame_ms"]
    assert 20 < board["first_frame_ms"] < 5000
    assert screen.stop() == 0


def test_after_kill_9_the_play_is_a_crash_and_the_show_goes_on(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("moving", BLUE, frames=[(BLUE, 50), (GREEN, 50)]), 60_000)
    warm.ad("lease-2", warm.plate("still", RED), 400)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP)
    screen.until(lambda: screen.events("play.started"))
    time.sleep(0.4)
    screen.process.send_signal(signal.SIGKILL)
    assert screen.ended() == -signal.SIGKILL
    assert rows(warm) == []
    again = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=2)
    assert again.ended() == 0
    crash, whole = rows(warm)
    assert (crash.play.seq, crash.play.end_reason, crash.play.billable) == (1, "crash", False)
    assert crash.play.shown_ms is not None
    assert 300 < crash.play.shown_ms < 3000
    assert (whole.play.seq, whole.play.lease_id, whole.play.end_reason) == (2, "lease-2", "complete")
    assert whole.play.prev_hash == crash.play.hash


def test_sigterm_cuts_the_play_and_ends_with_0(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("still", RED), 60_000)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP)
    screen.until(lambda: screen.events("play.started"))
    assert screen.stop() == 0
    (row,) = rows(warm)
    assert row.play.end_reason == "cut"
    assert screen.events("screen.ended")
    board = Board.read(tmp_path / "run", "screen")
    assert board is not None
    assert board["showing"] is None


def test_the_agent_is_rung_after_each_play_and_the_bell_can_end_the_show(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("still", RED), 60_000)
    with closing(Doorbell.listen(tmp_path / "run", "agent")) as agent:
        screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP)
        screen.until(lambda: screen.events("play.started"))
        assert agent.drain() == ()
        assert ring(tmp_path / "run", "screen", "stop")
        assert screen.ended() == 0
        assert agent.drain() == ("played",)


def test_a_damaged_plate_is_failed_and_the_next_is_shown(warm: WarmCache, tmp_path: Path) -> None:
    damaged, gone = warm.plate("damaged", RED), warm.plate("gone", GREEN)
    warm.ad("lease-1", damaged, 1000)
    warm.ad("lease-2", gone, 1000)
    warm.ad("lease-3", warm.plate("good", BLUE), 400)
    path = warm.cache.store.path(damaged.plate_sha256)
    assert path is not None
    with path.open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    warm.remove_plate(gone)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=1)
    assert screen.ended() == 0
    (row,) = rows(warm)
    assert row.play.lease_id == "lease-3"
    assert warm.journal.lease_counts()[LeaseState.FAILED] == 2
    assert len(screen.events("stage.failed")) == 2
    assert screen.events("slate.shown") == []


def test_a_locked_journal_stops_no_picture_and_loses_no_play(warm: WarmCache, tmp_path: Path) -> None:
    for lease_id in ("lease-1", "lease-2", "lease-3"):
        warm.ad(lease_id, warm.plate(lease_id, BLUE, frames=[(BLUE, 50), (GREEN, 50)]), 800)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=3)
    screen.until(lambda: screen.events("play.started"))
    with closing(sqlite3.connect(warm.folders.state / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        screen.until(lambda: len(screen.events("play.started")) == 3)
    assert screen.ended() == 0
    plays = [row.play for row in rows(warm)]
    assert [(play.seq, play.lease_id, play.end_reason, play.billable) for play in plays] == [
        (1, "lease-1", "complete", True),
        (2, "lease-2", "complete", True),
        (3, "lease-3", "complete", True),
    ]
    assert all(play.shown_ms is not None and play.shown_ms < 1100 for play in plays)
    began = [datetime.fromisoformat(play.started_at) for play in plays]
    assert began[2] - began[0] < timedelta(seconds=3)


def test_house_ads_fill_what_is_not_sold_and_take_turns(warm: WarmCache, tmp_path: Path) -> None:
    warm.house(("b.png", warm.plate("b", BLUE)), ("a.png", warm.plate("a", RED)))
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, plays=3)
    assert screen.ended() == 0
    assert [(row.play.kind, row.play.creative_id) for row in rows(warm)] == [
        ("house", "a.png"),
        ("house", "b.png"),
        ("house", "a.png"),
    ]
    assert not any(row.play.billable or row.play.exchange for row in rows(warm))


def test_an_empty_cache_shows_the_slate_until_the_bell_rings(warm: WarmCache, tmp_path: Path) -> None:
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP)
    screen.until(lambda: screen.events("slate.shown"))
    slate = screen.picture(tmp_path / "slate.png")
    assert len(slate.getcolors(1_000_000) or ()) > 50  # soft light, not black
    warm.ad("lease-1", warm.plate("still", RED), 1000)
    rang = time.monotonic()
    assert ring(tmp_path / "run", "screen", "leases")
    screen.until(lambda: screen.events("play.started"))
    assert time.monotonic() - rang < 3
    assert near(screen.picture(tmp_path / "ad.png").getpixel((5, 5)), RED)
    assert screen.stop() == 0
    assert [row.play.kind for row in rows(warm)] == ["ad"]


def test_content_is_a_play_and_new_feeds_are_drawn_at_once(warm: WarmCache, tmp_path: Path) -> None:
    warm.cache.save_snapshot(weather(warm, 21.0))
    screen = Screen(tmp_path, size=str(SIZE), loop=[{"kind": "content", "seconds": 30.0}])
    screen.until(lambda: screen.events("play.started"))
    before = screen.picture(tmp_path / "before.png")
    warm.cache.save_snapshot(weather(warm, -8.0))
    assert ring(tmp_path / "run", "screen", "feeds")
    time.sleep(0.5)
    after = screen.picture(tmp_path / "after.png")
    assert before.tobytes() != after.tobytes()
    assert screen.stop() == 0
    (row,) = rows(warm)
    assert (row.play.kind, row.play.planned_ms, row.play.end_reason) == ("content", 30_000, "cut")
    assert row.play.layout.creative is None
    assert "weather" in row.play.layout.panels
    assert row.play.creative_sha256 is None


def test_a_plate_for_another_screen_is_not_shown(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("still", RED), 1000)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, rotation=90)
    screen.until(lambda: screen.events("slate.shown"))
    assert screen.stop() == 0
    assert warm.journal.lease_counts()[LeaseState.PREPARED] == 1


@pytest.mark.parametrize("output", ["software", "gpu"])
def test_under_x_the_picture_reaches_the_server(warm: WarmCache, tmp_path: Path, output: str) -> None:
    server = XServer(tmp_path, SIZE)
    try:
        warm.ad("lease-1", warm.plate("moving", BLUE, frames=[(BLUE, 1000), (GREEN, 60_000)]), 60_000)
        screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP, display=server.name, output=output)
        screen.until(lambda: server.pixel(5, 5) == BLUE[::-1])
        screen.until(lambda: server.pixel(639, 359) == GREEN[::-1])
        board = Board.read(tmp_path / "run", "screen")
        assert board is not None
        assert (board["driver"], board["back_end"]) == ("x11", output)
        assert screen.stop() == 0
    finally:
        server.stop()
    (row,) = rows(warm)
    assert row.play.display_evidence is not None
    assert row.play.display_evidence.startswith("x11 640x360")


def test_a_still_costs_no_processor_time(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("still", RED), 60_000)
    screen = Screen(tmp_path, size=str(SIZE), loop=AD_LOOP)
    screen.until(lambda: screen.events("play.started"))
    time.sleep(0.3)
    before = processor_s(screen.process.pid)
    time.sleep(1.5)
    assert processor_s(screen.process.pid) - before <= 0.01  # one tick of the kernel's; a polling wait takes 0.05
    assert screen.stop() == 0


def weather(warm: WarmCache, temperature: float) -> FeedSnapshot:
    data = {
        "place": "Lisbon",
        "units": "celsius",
        "utc_offset_seconds": 0,
        "now": {"temperature": temperature, "feels_like": None, "code": 2, "is_day": True},
        "hours": [],
        "days": [],
    }
    return FeedSnapshot("weather", warm.clock.now(), 600_000, "Weather data by Open-Meteo.com", data)


def processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
