"""The cards: any size, any id, whatever the agent's board holds; what they say is what helps a tech next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from cache import CARDS, Board, CardName, ClockState
from config import Code, Config, ExchangeConfig, ScreenConfig, Size, WebConfig
from renderer.card import Cards, CardSaid, facts_of, identify_card, pattern_card, paused_card, status_card
from renderer.card._identify import colour_of, set_large
from renderer.window import Output
from tests.fakes import FakeClock

OUTPUT = Output("x11", "software", "surface", vsync=False, refresh_hz=59.94)
SAID = CardSaid(
    screen_id="bar-7",
    venue="Harbour Kitchen",
    version="0.7.0",
    timezone="UTC",
    exchanges=("sandbox",),
    proof=("kinesis",),
    output=OUTPUT,
)
WELL: dict[str, Any] = {
    "exchanges": {"sandbox": {"asked": 10, "filled": 8, "down": False}},
    "links": [{"name": "eth0", "up": True, "addresses": ["fd00::7", "192.168.0.7"]}],
    "leases": {"PREPARED": 3, "PLAYED": 12},
    "delivery": {"pending": 1, "delivered": 11, "error": None},
    "jobs": {"ask": {"last_error": None}},
}
SYNCED = ClockState(synced=True, source="timesyncd", offset_ms=None)
SIZE = Size(1920, 1080)
SIZES = tuple(map(Size.parse, ("1920x1080", "1080x1920", "3840x2160", "840x400", "160x160", "4000x200", "200x2000")))
NOW = FakeClock().now()


def next_of(agent: Any = None, said: CardSaid = SAID, clock: ClockState = SYNCED) -> str:
    return facts_of(said, agent, clock, SIZE).next_step


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_card_fits_every_screen(size: Size) -> None:
    facts = facts_of(SAID, WELL, SYNCED, size)
    for picture in (
        status_card(size, SAID, facts, NOW),
        identify_card(size, SAID),
        pattern_card(size, SAID),
        paused_card(size, SAID, NOW),
    ):
        assert (picture.size, picture.mode) == ((size.w, size.h), "RGB")
        assert len(picture.getcolors(10_000_000) or ()) > 8


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True),
    st.text(max_size=60),
    st.integers(100, 400),
    st.integers(100, 400),
)
def test_whatever_a_screen_is_called(screen_id: str, venue: str, w: int, h: int) -> None:
    said, size = CardSaid(screen_id=screen_id, venue=venue), Size(w, h)
    status_card(size, said, facts_of(said, None, SYNCED, size), NOW)
    identify_card(size, said)
    pattern_card(size, said)
    paused_card(size, said, NOW)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["exchanges", "links", "leases", "delivery", "gateway", "jobs"]), values))
def test_whatever_the_agent_s_board_holds(board: dict[str, Any]) -> None:
    facts = facts_of(SAID, board, SYNCED, Size(320, 180))
    assert facts.next_step
    status_card(Size(320, 180), SAID, facts, NOW)


def test_what_to_do_next_is_the_first_thing_that_is_wrong() -> None:
    nobody = CardSaid(screen_id="unprovisioned")
    assert next_of(WELL, nobody) == "Set this screen up: sudo ooh-player setup"
    assert "agent is not running" in next_of(None)
    assert "No network" in next_of({**WELL, "links": []})
    assert "clock is not set" in next_of(WELL, clock=ClockState(synced=False, source="chrony", offset_ms=None))
    failing = {**WELL, "jobs": {"ask": {"last_error": "exchange.unavailable"}}}
    assert next_of(failing) == Code.EXCHANGE_UNAVAILABLE.next_step.replace("`", "")
    down = {**WELL, "exchanges": {"sandbox": {"asked": 10, "filled": 0, "down": True}}}
    assert "ooh-player doctor" in next_of(down)
    assert "No ad is ready yet" in next_of({**WELL, "leases": {"PREPARED": 0, "PLAYED": 0}})
    assert next_of(WELL) == "Nothing to do: this screen works."


def rows_of(agent: Any, said: CardSaid = SAID) -> dict[str, tuple[str, str]]:
    return {row.label: (row.value, row.mood) for row in facts_of(said, agent, SYNCED, SIZE).rows}


def test_the_rows_say_how_it_is() -> None:
    rows = rows_of(WELL)
    assert rows["Exchange"] == ("sandbox: 8 ads for 10 requests", "good")
    assert rows["Network"] == ("192.168.0.7, fd00::7", "good")
    assert rows["Clock"] == ("set by timesyncd", "good")
    assert rows["Ads"] == ("3 ready, 12 shown", "good")
    assert rows["Proof"] == ("11 delivered, 1 waiting", "good")
    assert rows["Display"] == ("1920 × 1080, 60 Hz, x11", "plain")
    assert rows_of(None)["Exchange"][1] == "bad"
    failing = {**WELL, "delivery": {"pending": 9, "delivered": 0, "error": "stream.refused"}}
    assert rows_of(failing)["Error"] == ("delivery: stream.refused", "bad")
    assert rows_of(failing)["Proof"][1] == "bad"


def test_the_code_leads_to_the_page_when_the_network_may_reach_it() -> None:
    assert facts_of(SAID, WELL, SYNCED, SIZE).code == "ooh-player:bar-7"
    config = Config(
        screen=ScreenConfig(id="bar-7", rotation=90),
        exchange=(ExchangeConfig(url="https://x.example", name="x"),),
        web=WebConfig(enabled=True, host="lan", port=8480, pin_file="/pin"),
    )
    said = CardSaid.of(config, "0.7.0", OUTPUT)
    assert facts_of(said, WELL, SYNCED, SIZE).code == "http://192.168.0.7:8480/"
    six = {**WELL, "links": [{"up": True, "addresses": ["fd00::7"]}]}
    assert facts_of(said, six, SYNCED, SIZE).code == "http://[fd00::7]:8480/"
    assert facts_of(said, None, SYNCED, SIZE).code == "ooh-player:bar-7"
    alone = CardSaid.of(Config(web=WebConfig(enabled=True)), "0.7.0", OUTPUT)
    assert alone.web_port is None, "only this machine may reach it"


def test_the_outermost_pixels_are_the_pattern_s_line() -> None:
    for size in SIZES[:4]:
        picture = pattern_card(size, SAID)
        for box in (
            (0, 0, size.w, 1),
            (0, size.h - 1, size.w, size.h),
            (0, 0, 1, size.h),
            (size.w - 1, 0, size.w, size.h),
        ):
            assert picture.crop(box).getextrema() == ((255, 255),) * 3
        assert picture.getpixel((size.w // 2, 1)) != (255, 255, 255)


def test_the_pattern_knows_which_way_is_up() -> None:
    picture = pattern_card(Size(640, 640), SAID).convert("L")
    difference = ImageChops.difference(picture, picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM))
    assert difference.getbbox() is not None


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("bar-7", 1),
        ("berlin-hbf-gleis-12-nord", 3),
        ("a" * 64, 3),
        ("x", 1),
    ],
)
def test_a_long_id_is_set_in_lines(text: str, lines: int) -> None:
    found, size = set_large(text, 1200, 600)
    assert "".join(found) == text
    assert len(found) <= lines
    assert size > 20


def test_an_id_reads_from_the_other_side_of_the_room() -> None:
    """From 5 m a capital of 2.5 cm reads easily (1 : 200); on a 43-inch screen that is 50 of 1080 lines."""
    for screen_id in ("bar-7", "berlin-hbf-gleis-12", "a1b2c3d4-e5f6-7890-abcd-ef0123456789"):
        _, size = set_large(screen_id, 1920 * 0.6, 1080 * 0.6)
        assert size * 0.727 > 50


def test_two_screens_side_by_side_differ() -> None:
    assert len({colour_of(f"bar-{number}") for number in range(12)}) > 6


def test_cards_are_drawn_with_what_is_known_now(tmp_path: Path) -> None:
    clock = FakeClock()
    cards = Cards(SAID, tmp_path, clock)
    every: tuple[CardName | Literal["paused"], ...] = (*CARDS, "paused")
    for card in every:
        picture = cards.draw(card, Size(320, 180), clock.monotonic_ns() + 60_000_000_000)
        assert picture.size == (320, 180)
    down = cards.draw("status", Size(640, 360), None)
    Board(tmp_path, "agent").write({"pid": os.getpid(), **WELL})
    up = cards.draw("status", Size(640, 360), None)
    assert ImageChops.difference(down, up).getbbox() is not None
