"""When there is something to show, and when it will look different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cache import FeedSnapshot
from config import PanelKind, Size
from renderer.panels import PanelSettings, PanelStyle, available, draw, next_change
from renderer.panels._games import games
from renderer.panels._scores import Plan, _page, page_count
from tests.renderer.panels.samples import (
    NOW,
    UTC_SETTINGS,
    aged,
    board,
    game,
    headlines,
    scores,
    snapshot_of,
    team,
    weather,
)


def test_the_clock_is_always_available() -> None:
    assert available("clock", None, NOW)


@pytest.mark.parametrize(
    ("kind", "snapshot", "expected"),
    [
        ("weather", weather(), True),
        ("weather", None, False),
        ("weather", scores(), False),
        ("weather", aged(weather(), 3 * 3600 + 1), False),
        ("weather", aged(weather(), -3 * 3600 - 1), False),
        ("weather", weather(now={}), False),
        ("scores", scores(), True),
        ("scores", aged(scores(), 601), False),
        ("scores", scores(games=[]), False),
        ("scores", scores(board()), True),
        ("scores", scores(board(leaders=[])), False),
        ("headlines", headlines(), True),
        ("headlines", headlines(items=[{"title": " "}, 7]), False),
        ("headlines", aged(headlines(), 3601), False),
        ("brand", None, True),
    ],
)
def test_available_means_fresh_and_readable(kind: PanelKind, snapshot: FeedSnapshot | None, *, expected: bool) -> None:
    assert available(kind, snapshot, NOW) is expected


@pytest.mark.parametrize(
    ("kind", "snapshot", "settings", "expected"),
    [
        ("clock", None, UTC_SETTINGS, NOW.replace(minute=48)),
        ("weather", weather(), UTC_SETTINGS, NOW.replace(hour=13, minute=0)),
        ("weather", weather(utc_offset_seconds=19_800), UTC_SETTINGS, NOW.replace(hour=13, minute=30)),
        ("weather", aged(weather(), 3 * 3600 - 60), UTC_SETTINGS, NOW + timedelta(seconds=60)),
        ("scores", scores(), UTC_SETTINGS, NOW + timedelta(seconds=180)),
        ("scores", scores(game("next", None, 3)), UTC_SETTINGS, NOW + timedelta(seconds=600)),
        ("scores", aged(scores(), 900), UTC_SETTINGS, NOW.replace(day=23, hour=0, minute=0)),
        ("scores", None, UTC_SETTINGS, None),
        ("headlines", headlines(), UTC_SETTINGS, NOW + timedelta(hours=1)),
        ("brand", None, UTC_SETTINGS, None),
    ],
)
def test_next_change(kind: PanelKind, snapshot: Any, settings: PanelSettings, expected: datetime | None) -> None:
    assert next_change(kind, snapshot, settings, NOW) == expected


@pytest.mark.parametrize("kind", ["weather", "scores", "headlines", "clock"])
def test_the_picture_stays_until_then(kind: PanelKind) -> None:
    """Drawn now and one second before the change it says: the same pixels."""
    snapshot = snapshot_of(kind)
    size, style = Size(624, 520), PanelStyle()
    change = next_change(kind, snapshot, UTC_SETTINGS, NOW, size, style)
    assert change is not None

    def at(when: datetime) -> bytes:
        return draw(kind, size, snapshot, UTC_SETTINGS, style, when, None).tobytes()

    assert at(NOW) == at(change - timedelta(seconds=1))
    assert change.tzinfo is UTC


@pytest.mark.parametrize(("kind", "seconds"), [("scores", 10), ("headlines", 10)])
def test_pages_turn_by_the_clock_only_where_there_is_more_than_one(kind: PanelKind, seconds: int) -> None:
    snapshot, style = snapshot_of(kind), PanelStyle(unit=24)
    small, tall = Size(624, 300), Size(1000, 3000)
    at = NOW + timedelta(seconds=3)
    assert next_change(kind, snapshot, UTC_SETTINGS, at, small, style) == NOW + timedelta(seconds=seconds)
    assert (next_change(kind, snapshot, UTC_SETTINGS, at, tall, style) or at) > NOW + timedelta(seconds=60)

    def page(second: float, size: Size) -> bytes:
        moment = NOW + timedelta(seconds=second)
        return draw(kind, size, snapshot, UTC_SETTINGS, style, moment, None).tobytes()

    assert page(0, small) == page(9.9, small)
    assert page(0, small) != page(10, small)
    assert page(0, tall) == page(10, tall)


def test_all_games_have_had_their_turn_after_a_round() -> None:
    rows = [game("live", f"Q{i}", home=team(f"Team{i}", f"T{i:02}", i)) for i in range(1, 6)]
    known = games(scores(*rows), UTC_SETTINGS, NOW)
    assert known is not None
    plan = Plan.of(known, Size(624, 300), PanelStyle(unit=24))
    count = page_count(known, plan)
    shown = {g.detail for page in range(count) for g in _page(known.games, plan.room, page)}
    assert shown == {f"Q{i}" for i in range(1, 6)}
    assert {len(_page(known.games, plan.room, page)) for page in range(count)} == {plan.room}, "no half empty page"


def test_an_old_score_is_never_called_live() -> None:
    """Three minutes after it was fetched the tile says of when it is, long before max_age_seconds hides it."""
    size, style = Size(624, 520), PanelStyle(unit=24)
    snapshot = scores(game("live", "Q3 4:12"), game("next", None, 5))

    def seen(seconds: float) -> tuple[int, str]:
        now = NOW + timedelta(seconds=seconds)
        known = games(snapshot, UTC_SETTINGS, now)
        assert known is not None
        tile = draw("scores", size, snapshot, UTC_SETTINGS, style, now, None)
        red = sum(n for n, c in tile.getcolors(1 << 20) or [] if c == (255, 84, 84))
        return red, known.games[0].status(UTC_SETTINGS, now)

    assert seen(179)[0] > 50
    assert seen(179)[1] == "Q3 4:12"
    assert seen(180) == (0, "As of 12:47")
    assert next_change("scores", snapshot, UTC_SETTINGS, NOW, size, style) == NOW + timedelta(seconds=180)
    assert available("scores", snapshot, NOW + timedelta(seconds=599))
    assert not available("scores", snapshot, NOW + timedelta(seconds=601))
