"""Service mode and hours on the real screen process: cards, a pause, dark outside the hours; the proof stays true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from cache import Board, PlayRow, ask_card, pause, resume, ring
from config import Size
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache

SIZE = Size(640, 360)
RED, BLUE = (200, 30, 30), (30, 30, 200)
LOOP = [{"kind": "ad", "seconds": 10, "transition": "cut"}]
HOUSE_LOOP = [{"kind": "house", "seconds": 600, "transition": "cut"}]
LONG_S = 40


def rows(warm: WarmCache) -> list[PlayRow]:
    return list(warm.journal.plays())


def board(screen: Screen) -> dict[str, Any]:
    return Board.read(screen.root / "run", "screen") or {}


def showing(screen: Screen, kind: str, card: str | None = None) -> bool:
    told = board(screen).get("showing") or {}
    return (told.get("kind"), told.get("card")) == (kind, card)


def ends(warm: WarmCache) -> list[str]:
    """How the plays ended that are on disk: with a busy disk that comes after the next picture."""
    return [row.play.end_reason for row in rows(warm)]


def colours(picture: Image.Image) -> int:
    return len(picture.getcolors(1_000_000) or ())


def test_a_card_ends_the_play_as_cut_and_the_loop_goes_on_after(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("one", RED), 600_000)
    warm.ad("lease-2", warm.plate("two", BLUE), 600_000)
    screen = Screen(tmp_path, size=str(SIZE), loop=LOOP)
    screen.until(lambda: showing(screen, "ad"), LONG_S)
    assert ask_card(tmp_path / "run", warm.clock, "identify", 600)
    screen.until(lambda: showing(screen, "card", "identify"), LONG_S)
    assert board(screen)["service"]["card"] == "identify"
    screen.until(lambda: ends(warm) == ["cut"], LONG_S)
    assert not rows(warm)[0].play.billable
    assert colours(screen.picture(tmp_path / "card.png")) > 10
    assert resume(tmp_path / "run")
    screen.until(lambda: showing(screen, "ad"), LONG_S)
    assert board(screen)["service"] == {"card": None, "card_until": None, "paused_until": None}
    assert screen.stop() == 0
    assert [(row.play.seq, row.play.lease_id) for row in rows(warm)] == [(1, "lease-1"), (2, "lease-2")]
    assert [event["card"] for event in screen.events("card.shown")] == ["identify"]


def test_a_card_ends_by_itself(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("one", RED), 600_000)
    screen = Screen(tmp_path, size=str(SIZE), loop=LOOP)
    screen.until(lambda: board(screen), LONG_S)
    assert ask_card(tmp_path / "run", warm.clock, "pattern", 600)
    screen.until(lambda: showing(screen, "card", "pattern"), LONG_S)
    assert ask_card(tmp_path / "run", warm.clock, "pattern", 1)  # once it is on, for the machine may be busy
    screen.until(lambda: board(screen)["showing"]["kind"] != "card", LONG_S)
    assert screen.stop() == 0


def test_while_it_is_paused_nothing_is_played(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("one", RED), 600_000)
    warm.ad("lease-2", warm.plate("two", BLUE), 600_000)
    screen = Screen(tmp_path, size=str(SIZE), loop=LOOP)
    screen.until(lambda: showing(screen, "ad"), LONG_S)
    assert pause(tmp_path / "run", warm.clock, 600)
    screen.until(lambda: showing(screen, "card", "paused"), LONG_S)
    assert board(screen)["service"]["paused_until"] is not None
    screen.until(lambda: ends(warm) == ["cut"], LONG_S)
    # a card over it, and back to the pause
    assert ask_card(tmp_path / "run", warm.clock, "status", 600)
    screen.until(lambda: showing(screen, "card", "status"), LONG_S)
    assert ask_card(tmp_path / "run", warm.clock, "status", 1)
    screen.until(lambda: showing(screen, "card", "paused"), LONG_S)
    assert ends(warm) == ["cut"]
    assert resume(tmp_path / "run")
    screen.until(lambda: showing(screen, "ad"), LONG_S)
    assert screen.stop() == 0
    assert ends(warm) == ["cut", "cut"]


def test_a_pause_outlives_the_screens_death(warm: WarmCache, tmp_path: Path) -> None:
    screen = Screen(tmp_path, size=str(SIZE), loop=LOOP)
    screen.until(lambda: board(screen), LONG_S)
    assert pause(tmp_path / "run", warm.clock, 600)
    screen.until(lambda: showing(screen, "card", "paused"), LONG_S)
    screen.process.kill()
    screen.ended()
    warm.ad("lease-1", warm.plate("one", RED), 600_000)
    again = Screen(tmp_path, size=str(SIZE), loop=LOOP)
    again.until(lambda: board(again).get("pid") == again.process.pid, LONG_S)
    assert showing(again, "card", "paused")
    assert again.stop() == 0
    assert rows(warm) == []


def test_a_screen_that_nobody_has_set_up_says_so(warm: WarmCache, tmp_path: Path) -> None:
    screen = Screen(tmp_path, size=str(SIZE), loop=LOOP, panels=["clock"], screen={"id": "unprovisioned"})
    screen.until(lambda: showing(screen, "card", "status"), LONG_S)
    assert screen.stop() == 0
    assert rows(warm) == []


def test_what_there_is_to_show_goes_before_that(warm: WarmCache, tmp_path: Path) -> None:
    warm.ad("lease-1", warm.plate("one", RED), 600_000)
    screen = Screen(tmp_path, size=str(SIZE), loop=LOOP, panels=["clock"], screen={"id": "unprovisioned"})
    screen.until(lambda: showing(screen, "ad"), LONG_S)
    assert screen.stop() == 0


def at_wall(root: Path, wall: datetime) -> None:
    """The screen's wall clock reads that now."""
    new = root / "offset.new"
    new.write_text(str((wall - datetime.now(UTC)).total_seconds()))
    new.replace(root / "offset")
    ring(root / "run", "screen", "leases")  # as the kernel's news of a clock that was set


def test_outside_its_hours_the_screen_is_dark_and_nothing_is_played(warm: WarmCache, tmp_path: Path) -> None:
    hours = {"hours": ["08:00-23:00"], "timezone": "UTC"}
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    warm.house(("a.png", warm.plate("a", RED)))
    at_wall(tmp_path, today + timedelta(hours=22))
    screen = Screen(tmp_path, size=str(SIZE), loop=HOUSE_LOOP, screen=hours)
    screen.until(lambda: showing(screen, "house"), LONG_S)
    assert board(screen)["hours_off"] is False
    at_wall(tmp_path, today + timedelta(hours=22, minutes=59, seconds=58))
    screen.until(lambda: showing(screen, "dark"), LONG_S)
    assert board(screen)["hours_off"] is True
    picture = screen.picture(tmp_path / "dark.png")
    assert picture.getcolors() == [(SIZE.pixels, (0, 0, 0))]
    screen.until(lambda: ends(warm) == ["screen_off"], LONG_S)
    # a tech may look at night
    assert ask_card(tmp_path / "run", warm.clock, "identify", 600)
    screen.until(lambda: showing(screen, "card", "identify"), LONG_S)
    assert resume(tmp_path / "run")
    screen.until(lambda: showing(screen, "dark"), LONG_S)
    assert ends(warm) == ["screen_off"], "nothing is played meanwhile"
    at_wall(tmp_path, today + timedelta(days=1, hours=7, minutes=59, seconds=58))
    screen.until(lambda: showing(screen, "house"), LONG_S)
    assert board(screen)["hours_off"] is False
    assert screen.stop() == 0
    assert ends(warm) == ["screen_off", "cut"]
