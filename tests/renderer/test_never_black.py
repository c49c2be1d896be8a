"""Never black: every fault on the real screen process, judged by what an X server really shows.

Each test begins when the first picture is on; from then on no look at the screen, 60 times a second, may see black.
"""

from __future__ import annotations

import fcntl
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from cache import Board, LeaseState
from config import Size
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.renderer.watch import Watch
from tests.renderer.window.xserver import XServer

SIZE = Size(640, 360)
RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)
BRAND = (32, 64, 96)
HOUSE = [{"kind": "house", "seconds": 0.4, "transition": "cut"}]
ADS = [{"kind": "ad", "seconds": 0.4, "transition": "fade"}]


@contextmanager
def shown(server: XServer, root: Path, **wanted: Any) -> Iterator[tuple[Screen, Watch]]:
    """The screen process under X, watched; at the end it still ran, and was never black."""
    with Watch(server) as watch:
        screen = Screen(root, display=server.name, brand="#204060", **wanted)
        screen.until(lambda: watch.looks)
        yield screen, watch
        screen.until(lambda: watch.looks > 20)
        assert screen.process.poll() is None, "it died"
    assert screen.stop() == 0  # then the X server shows its own ground, which is black
    assert watch.black == 0


def bgr(*colours: tuple[int, int, int]) -> set[tuple[int, ...]]:
    return {colour[::-1] for colour in colours}


def goes_on(screen: Screen, watch: Watch, colours: set[tuple[int, ...]], seconds: float = 15) -> None:
    """All of these colours come on again from now on."""
    del watch.seen[:-1]
    screen.until(lambda: colours <= set(watch.seen[1:]), seconds)


def slate_is_on(screen: Screen, server: XServer) -> Callable[[], bool]:
    def is_on() -> bool:
        return bool(screen.events("slate.shown")) and server.pixel(320, 180) != BRAND[::-1]

    return is_on


def two_house_ads(warm: WarmCache) -> None:
    warm.house(("a.png", warm.plate("a", RED)), ("b.png", warm.plate("b", GREEN)))


def test_first_boot_with_an_empty_cache(server: XServer, tmp_path: Path) -> None:
    """Not even the folders are there; the brand colour, then the slate."""
    try:
        with shown(server, tmp_path, loop=ADS) as (screen, watch):
            screen.until(slate_is_on(screen, server))
            time.sleep(0.5)
            assert watch.seen[0] == BRAND[::-1]
    finally:
        Screen.kill_all()


def test_all_plates_are_damaged(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    plates = [warm.plate(name, colour) for name, colour in (("a", RED), ("b", GREEN), ("c", BLUE))]
    warm.house(("own.png", plates[0]))
    for number, plate in enumerate(plates[1:]):
        warm.ad(f"lease-{number}", plate, 400)
    for plate in plates:
        path = warm.cache.store.path(plate.plate_sha256)
        assert path is not None
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:5000])
    with shown(server, tmp_path, loop=ADS) as (screen, watch):
        screen.until(slate_is_on(screen, server))
        screen.until(lambda: warm.journal.lease_counts()[LeaseState.FAILED] == 2)
        screen.until(lambda: len(screen.events("stage.failed")) == 3)
        assert not bgr(RED, GREEN, BLUE) & set(watch.seen)


@pytest.mark.parametrize("output", ["software", "gpu"])
@pytest.mark.parametrize("transition", ["cut", "fade", "slide"])
def test_no_switch_shows_a_gap(server: XServer, warm: WarmCache, tmp_path: Path, output: str, transition: str) -> None:
    two_house_ads(warm)
    loop = [{"kind": "house", "seconds": 0.3, "transition": transition}]
    with shown(server, tmp_path, loop=loop, output=output) as (screen, watch):
        for _ in range(3):
            goes_on(screen, watch, bgr(RED, GREEN))


def test_a_plate_that_fails_is_skipped_without_a_gap(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    plates = {name: warm.plate(name, colour) for name, colour in (("a", RED), ("b", BLUE), ("c", GREEN))}
    warm.house(*((f"{name}.png", plate) for name, plate in plates.items()))
    warm.remove_plate(plates["b"])
    with shown(server, tmp_path, loop=HOUSE) as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        goes_on(screen, watch, bgr(RED, GREEN))
        assert set(watch.seen) == bgr(RED, GREEN)


def test_journal_and_cache_are_locked_while_it_runs(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with shown(server, tmp_path, loop=HOUSE) as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        for path in warm.folders.state.glob("cache.db*"):
            path.unlink()
        with (
            (warm.folders.state / "cache.lock").open("rb") as lock,
            closing(sqlite3.connect(warm.folders.state / "journal.db", isolation_level=None)) as other,
        ):
            fcntl.flock(lock, fcntl.LOCK_EX)  # who opens a new cache.db waits for it, 5 s at most
            other.execute("BEGIN EXCLUSIVE")
            goes_on(screen, watch, bgr(RED, GREEN), 4)
        screen.until(lambda: len(list(warm.journal.plays())) > 3)
        plays = [row.play for row in warm.journal.plays()]
        assert [play.seq for play in plays] == list(range(1, len(plays) + 1))


def test_the_journal_is_locked_from_the_start(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with closing(sqlite3.connect(warm.folders.state / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with shown(server, tmp_path, loop=HOUSE) as (screen, watch):
            goes_on(screen, watch, bgr(RED, GREEN), 4)
            other.execute("ROLLBACK")
            screen.until(lambda: list(warm.journal.plays()))
            assert next(warm.journal.plays()).play.kind == "house"


def test_the_databases_go_while_it_runs(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with shown(server, tmp_path, loop=HOUSE) as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        for path in [*warm.folders.state.glob("cache.db*"), *warm.folders.state.glob("journal.db*")]:
            path.unlink()
        screen.until(lambda: screen.events("slate.shown"))  # with the cache its house ads are gone: the slate


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 500])
def test_the_databases_are_damaged_from_the_start(
    server: XServer, warm: WarmCache, tmp_path: Path, damage: bytes
) -> None:
    warm.journal.close()
    warm.cache.close()
    for name in ("journal.db", "cache.db"):
        (warm.folders.state / name).write_bytes(damage)
    with shown(server, tmp_path, loop=ADS) as (screen, _):
        screen.until(slate_is_on(screen, server))


def test_the_disk_is_read_only(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with shown(server, tmp_path, loop=HOUSE, fault="read-only") as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        screen.until(lambda: screen.events("journal.failing"))
        goes_on(screen, watch, bgr(RED, GREEN))


def test_the_disk_is_full_for_a_while(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with shown(server, tmp_path, loop=HOUSE, fault="disk") as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        screen.process.send_signal(signal.SIGUSR1)
        goes_on(screen, watch, bgr(RED, GREEN))
        screen.process.send_signal(signal.SIGUSR2)
        goes_on(screen, watch, bgr(RED, GREEN))


def test_there_is_no_memory_for_a_while(warm: WarmCache, tmp_path: Path) -> None:
    big = Size(1600, 900)
    roomy = WarmCache(warm.folders, warm.cache, warm.journal, warm.clock, big)
    roomy.house(("a.png", roomy.plate("a", RED)), ("b.png", roomy.plate("b", GREEN)))
    roomy.ad("lease-1", roomy.plate("c", BLUE), 400)
    with server_of(tmp_path, big) as larger, shown(larger, tmp_path, loop=HOUSE, fault="memory") as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        screen.process.send_signal(signal.SIGUSR1)
        screen.until(lambda: screen.events("stage.failed"))
        assert "emory" in screen.events("stage.failed")[0]["error"]
        time.sleep(1)
        screen.process.send_signal(signal.SIGUSR2)
        time.sleep(0.5)


@contextmanager
def server_of(folder: Path, size: Size) -> Iterator[XServer]:
    running = XServer(folder, size)
    try:
        yield running
    finally:
        running.stop()


def test_the_agent_is_dead_for_a_week(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("ad", RED), 400)
    warm.house(("own.png", warm.plate("own", GREEN)))
    (tmp_path / "offset").write_text(str(8 * 86_400))
    with shown(server, tmp_path, loop=ADS) as (screen, watch):
        screen.until(lambda: GREEN[::-1] in watch.seen)
        assert RED[::-1] not in watch.seen  # its window closed days ago
        warm.house()
        screen.until(slate_is_on(screen, server))


def test_the_wall_clock_jumps_both_ways(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with shown(server, tmp_path, loop=[{"kind": "house", "seconds": 0.4}]) as (screen, watch):
        for seconds in (0, 3600, -86_400, 400 * 86_400, -20 * 365 * 86_400):
            (tmp_path / "offset").write_text(str(seconds))
            goes_on(screen, watch, bgr(RED, GREEN), 5)
    plays = [row.play for row in warm.journal.plays()]
    assert all(play.shown_ms is not None and play.shown_ms < 800 for play in plays if play.end_reason == "complete")


def test_it_is_stopped_for_a_while(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with shown(server, tmp_path, loop=HOUSE) as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        screen.process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        screen.process.send_signal(signal.SIGCONT)
        goes_on(screen, watch, bgr(RED, GREEN), 4)


def test_doorbell_and_runtime_folder_go(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    two_house_ads(warm)
    with shown(server, tmp_path, loop=HOUSE) as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        (warm.folders.run / "screen.bell").unlink()
        goes_on(screen, watch, bgr(RED, GREEN))
        while warm.folders.run.exists():  # the screen may be writing into it
            shutil.rmtree(warm.folders.run, ignore_errors=True)
        goes_on(screen, watch, bgr(RED, GREEN))


def test_another_mode_is_taken_over_without_a_restart(server: XServer, warm: WarmCache, tmp_path: Path) -> None:
    """SDL says that the desktop has another size: the display is opened anew, and the agent told by the board."""
    two_house_ads(warm)
    (tmp_path / "desktop").write_text(str(SIZE))
    with shown(server, tmp_path, loop=HOUSE, fault="mode") as (screen, watch):
        goes_on(screen, watch, bgr(RED, GREEN))
        (tmp_path / "desktop").write_text("600x300")
        smaller = WarmCache(warm.folders, warm.cache, warm.journal, warm.clock, Size(600, 300))
        smaller.house(("c.png", smaller.plate("c", BLUE)))
        screen.process.send_signal(signal.SIGUSR1)
        screen.until(lambda: server.pixel(299, 149) == BLUE[::-1])
        screen.until(lambda: (Board.read(warm.folders.run, "screen") or {}).get("size") == "600x300")
        assert len(screen.events("screen.opened")) == 2
        watch.black = 0  # an X server without a window shows its own ground: only the closing is not ours to fill


def test_the_display_goes_and_another_one_comes(warm: WarmCache, tmp_path: Path) -> None:
    """With X the process goes too (Xlib ends it); the supervisor starts it again, here this test."""
    two_house_ads(warm)
    first = XServer(tmp_path, SIZE)
    screen = Screen(tmp_path, display=first.name, loop=HOUSE)
    screen.until(lambda: screen.events("play.started"))
    first.kill()
    assert screen.ended() != 0
    other = Size(800, 450)
    larger = WarmCache(warm.folders, warm.cache, warm.journal, warm.clock, other)
    larger.house(("c.png", larger.plate("c", BLUE)))
    with server_of(tmp_path, other) as second, shown(second, tmp_path, loop=HOUSE) as (again, watch):
        again.until(lambda: BLUE[::-1] in watch.seen)
        assert second.pixel(799, 449) == BLUE[::-1]
    reasons = {row.play.end_reason for row in warm.journal.plays()}
    assert "crash" in reasons
