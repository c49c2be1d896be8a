"""Hours: what a tech writes, when that is by the clock, and the nights when the clock itself is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, Hours, Span, load

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Hours.of(["mon-fri 06:00-23:00", "sat-sun 08:00-01:00"])


def local(text: str, fold: int = 0) -> datetime:
    """A time on the wall of Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("at", "held"),
    [
        ("2026-11-23 05:59:59", False),  # a Monday
        ("2026-11-23 06:00:00", True),
        ("2026-11-23 22:59:59", True),
        ("2026-11-23 23:00:00", False),
        ("2026-11-28 00:30:00", False),  # Friday's hours end at 23:00
        ("2026-11-29 00:30:00", True),  # Saturday's go on
        ("2026-11-29 01:00:00", False),
        ("2026-11-30 00:59:59", True),
        ("2026-11-30 01:00:00", False),
    ],
)
def test_the_start_belongs_to_it_and_the_end_does_not(at: str, held: bool) -> None:
    assert (WEEK.span_at(local(at), BERLIN) is not None) is held


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("08:00-12:00", {0, 1, 2, 3, 4, 5, 6}),
        ("wed 08:00-12:00", {2}),
        ("mon,wed-fri 08:00-12:00", {0, 2, 3, 4}),
        ("sat-mon 08:00-12:00", {5, 6, 0}),
        ("tue-tue 08:00-12:00", {1}),
    ],
)
def test_days(text: str, days: set[int]) -> None:
    assert Span.parse(text) == Span(frozenset(days), 480, 720)


def test_percent_and_the_first_that_fits() -> None:
    dim = Hours.of(["sun 22:00-06:00 20", "22:00-06:00 40"])
    percents = [
        span and span.percent for span in (dim.span_at(local(f"2026-11-{day} 23:00"), BERLIN) for day in (22, 23))
    ]
    assert percents == [20, 40]
    assert dim.span_at(local("2026-11-23 12:00"), BERLIN) is None


def edges(hours: Hours, at: datetime, count: int) -> list[str]:
    """The next edges, on the wall, and whether a span holds there."""
    found = []
    for _ in range(count):
        edge = hours.next_edge(at, BERLIN)
        assert edge is not None
        at = edge
        held = "on" if hours.span_at(at, BERLIN) else "off"
        found.append(f"{at.astimezone(BERLIN):%d %H:%M%z} {held}")
    return found


def test_an_hour_that_is_left_out_is_passed_over() -> None:
    """29 March 2026: 01:59 CET is followed by 03:00 CEST."""
    at = local("2026-03-28 12:00")
    assert edges(Hours.of(["02:30-04:00"]), at, 2) == ["29 03:00+0200 on", "29 04:00+0200 off"]
    assert edges(Hours.of(["22:00-02:30"]), at, 2) == ["28 22:00+0100 on", "29 03:00+0200 off"]
    assert edges(Hours.of(["02:10-02:50"]), at, 1)[0].startswith("29 03:00+0200 off")


def test_an_hour_that_comes_twice_switches_once() -> None:
    """25 October 2026: 02:59 CEST is followed by 02:00 CET."""
    at = local("2026-10-24 12:00")
    assert edges(Hours.of(["22:00-02:30"]), at, 3) == ["24 22:00+0200 on", "25 02:30+0200 off", "25 22:00+0100 on"]
    assert edges(Hours.of(["02:30-05:00"]), at, 2) == ["25 02:30+0200 on", "25 05:00+0100 off"]


def test_without_spans_nothing_ever_changes() -> None:
    assert Hours().next_edge(local("2026-11-23 12:00"), BERLIN) is None


def test_the_machines_own_zone() -> None:
    now = datetime.now(UTC)
    assert Hours.of(["00:00-24:00"]).span_at(now, None) is not None


times = st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59))
texts = st.builds(lambda a, b: f"{a}-{b}", times, times).filter(lambda text: text[:5] != text[6:])
moments = st.integers(0, 366 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


@given(st.lists(texts, min_size=1, max_size=3), moments)
def test_nothing_changes_between_two_edges(spans: list[str], at: datetime) -> None:
    hours = Hours.of(spans)
    edge = hours.next_edge(at, BERLIN)
    assert edge is not None
    assert edge > at
    assert hours.span_at(edge - timedelta(seconds=1), BERLIN) == hours.span_at(at, BERLIN)


def told(folder: Path, text: str) -> list[str]:
    """The problems of a file with these lines under ``[screen]``."""
    (folder / "player.toml").write_text(f"[screen]\n{text}\n", "utf-8")
    try:
        load(folder / "player.toml", {})
    except ConfigError as error:
        return [str(problem).partition("player.toml:")[2] for problem in error.problems]
    return []


@pytest.mark.parametrize(
    "text",
    [
        'hours = ["mon-fri 06:00-23:00", "sat-sun 08:00-01:00"]',
        'hours = ["00:00-24:00"]',
        'hours = ["mon,wed,fri-sun 06:00-23:00"]',
        'dim = ["22:00-06:00 40", "sat-sun 20:00-24:00 5"]',
        "hours = []",
    ],
)
def test_good_hours(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('hours = ["8:00-23:00"]', '"8:00-23:00" is not allowed; use days and a time such as "mon-fri 06:00-23:00"'),
        ('hours = ["mon-fry 08:00-23:00"]', "is not allowed; use days and a time"),
        ('hours = ["08:00-25:00"]', "is not allowed"),
        ('hours = ["08:00-23:00 40"]', "is not allowed"),
        ('hours = "08:00-23:00"', "is not a list"),
        ('hours = ["08:00-08:00"]', '"08:00-08:00" ends when it starts and never is; "00:00-24:00" is all day'),
        ('dim = ["22:00-06:00"]', "is not allowed; use a time and 5 to 100 percent"),
        ('dim = ["22:00-06:00 4"]', "is not allowed"),
        ('dim = ["22:00-22:00 40"]', "ends when it starts"),
        ('power = "hdmi"', 'use "auto", "cec", "dpms" or "none"'),
    ],
)
def test_bad_hours_are_told_at_their_line(tmp_path: Path, text: str, words: str) -> None:
    (problem,) = told(tmp_path, text)
    assert problem.startswith(f"2: screen.{text.partition(' ')[0]}")
    assert words in problem
