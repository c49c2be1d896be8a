"""The orders: a card before the hours, the hours before a pause, a pause before the loop; the display follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cache import Doorbell, ScreenHours, ask_card, pause, resume
from config import BrandConfig, Config, ExchangeConfig, PanelsConfig, ScreenConfig, SlotConfig
from renderer.power import Power
from renderer.show import Instead, Orders, Seen, is_provisioned
from renderer.show._instead import DARK
from tests.fakes import FakeClock
from tests.renderer.power.fakes import FakeSwitch
from tests.renderer.power.test_power import until
from tests.renderer.show.shapes import house, ready

NOTHING = Seen()
NIGHT = ScreenConfig(hours=("06:00-23:00",), timezone="UTC")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(wall=datetime(2026, 11, 23, 12, 0, tzinfo=UTC))


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[Doorbell]:
    listening = Doorbell.listen(tmp_path, "screen")
    yield listening
    listening.close()


def orders_of(
    run: Path,
    clock: FakeClock,
    screen: ScreenConfig | None = None,
    switch: FakeSwitch | None = None,
    *,
    set_up: bool = True,
) -> Orders:
    hours = ScreenHours(screen or ScreenConfig(), clock)
    power = Power(switch, run / "turned-off", patience_s=40, waits_s=(0.0, 0.01))
    return Orders(clock, run, hours, power, provisioned=set_up)


def test_the_loop_goes_on_when_nobody_asks_for_anything(tmp_path: Path, clock: FakeClock) -> None:
    orders = orders_of(tmp_path, clock)
    assert orders.now(NOTHING) is None
    assert orders.due_ns() == []


def test_card_then_hours_then_pause_then_loop(tmp_path: Path, clock: FakeClock, bell: Doorbell) -> None:
    orders = orders_of(tmp_path, clock, NIGHT)
    pause(tmp_path, clock, 8 * 3600)
    ask_card(tmp_path, clock, "pattern", 60)
    bell.drain()
    assert orders.now(NOTHING) is None, "it has not heard of it yet"
    orders.refresh()
    now = orders.now(NOTHING)
    assert now == Instead("pattern", clock.monotonic_ns() + 60_000_000_000)
    assert (now.kind, DARK.kind) == ("card", "dark")
    assert min(orders.due_ns()) == now.until_ns
    clock.advance(60)
    paused = orders.now(NOTHING)
    assert paused is not None
    assert paused.card == "paused"
    clock.jump(11 * 3600)
    assert orders.now(NOTHING) == DARK
    clock.jump(-11 * 3600)
    resume(tmp_path)
    orders.refresh()
    assert orders.now(NOTHING) is None


def test_what_will_be_is_asked_without_changing_anything(tmp_path: Path, clock: FakeClock) -> None:
    with_bell = Doorbell.listen(tmp_path, "screen")
    ask_card(tmp_path, clock, "identify", 30)
    with_bell.close()
    orders = orders_of(tmp_path, clock)
    until_ns = clock.monotonic_ns() + 30_000_000_000
    assert orders.at(until_ns - 1, NOTHING) == Instead("identify", until_ns)
    assert orders.at(until_ns, NOTHING) is None


def test_a_screen_that_nobody_set_up_shows_its_status_until_there_is_something(
    tmp_path: Path, clock: FakeClock
) -> None:
    orders = orders_of(tmp_path, clock, set_up=False)
    assert orders.now(NOTHING) == Instead("status")
    assert orders.now(Seen(house=(house("a.png"),))) is None
    assert orders.now(Seen(ads=(ready("lease-1"),))) is None


def test_the_display_is_turned_off_behind_the_dark_picture_and_on_again_first(tmp_path: Path, clock: FakeClock) -> None:
    switch = FakeSwitch()
    orders = orders_of(tmp_path, clock, NIGHT, switch)
    clock.jump(11 * 3600)
    assert orders.now(NOTHING) == DARK
    assert switch.asked == [], "not before the picture is black"
    orders.shown(DARK)
    until(lambda: orders.power.state == "off")
    board = orders.board()
    assert (board["power"], board["hours_off"], board["power_evidence"]) == ("off", True, "cec:off")
    clock.jump(7 * 3600)
    assert orders.now(NOTHING) == DARK or orders.power.state == "on", "nothing is played while it lights up"
    until(lambda: orders.power.state == "on" and not orders.power.lighting_up)
    assert orders.now(NOTHING) is None
    assert switch.asked == [False, True]


def test_a_card_at_night_lights_the_display(tmp_path: Path, clock: FakeClock, bell: Doorbell) -> None:
    switch = FakeSwitch()
    orders = orders_of(tmp_path, clock, NIGHT, switch)
    clock.jump(11 * 3600)
    orders.now(NOTHING)
    orders.shown(DARK)
    until(lambda: orders.power.state == "off")
    orders.press("identify")
    assert bell.drain() == ("service",)
    orders.refresh()
    orders.now(NOTHING)
    until(lambda: orders.power.state == "on" and not orders.power.lighting_up)
    told = orders.now(NOTHING)
    assert told is not None
    assert told.card == "identify"


def test_without_hours_the_display_is_never_touched(tmp_path: Path, clock: FakeClock) -> None:
    switch = FakeSwitch()
    orders = orders_of(tmp_path, clock, switch=switch)
    orders.now(NOTHING)
    orders.shown(None)
    assert switch.asked == []


def test_a_display_that_a_process_before_turned_off_is_turned_on(tmp_path: Path, clock: FakeClock) -> None:
    """The hours were taken out of the configuration meanwhile."""
    (tmp_path / "turned-off").touch()
    switch = FakeSwitch()
    orders = orders_of(tmp_path, clock, switch=switch)
    orders.now(NOTHING)
    until(lambda: orders.power.state == "on")
    assert switch.asked == [True]


def test_keys_ask_for_cards_and_end_them(tmp_path: Path, clock: FakeClock, bell: Doorbell) -> None:
    orders = orders_of(tmp_path, clock)
    for key, seconds in (("status", 120), ("identify", 30), ("pattern", 120)):
        orders.press(key)
        orders.refresh()
        assert orders.now(NOTHING) == Instead(key, clock.monotonic_ns() + seconds * 1_000_000_000)  # type: ignore[arg-type]
    orders.press("resume")
    orders.refresh()
    assert orders.now(NOTHING) is None
    assert bell.drain() == ("service",)


def test_the_board_is_written_again_when_something_is_new(tmp_path: Path, clock: FakeClock, bell: Doorbell) -> None:
    orders = orders_of(tmp_path, clock, NIGHT)
    assert not orders.news()
    assert not orders.news()
    clock.jump(12 * 3600)
    assert orders.news(), "the hours are over"
    orders.press("status")
    orders.refresh()
    assert orders.news()
    assert not orders.news()
    assert orders.board()["service"]["card"] == "status"
    assert bell.drain()


@pytest.mark.parametrize(
    ("change", "set_up"),
    [
        (Config(), False),
        (Config(screen=ScreenConfig(id="bar-7")), True),
        (Config(exchange=(ExchangeConfig(url="https://x.example"),)), True),
        (Config(loop=(SlotConfig(kind="house", creatives=("/srv/house",)),)), True),
        (Config(panels=PanelsConfig(brand=BrandConfig(title="Harbour"))), True),
        (replace(Config(), screen=ScreenConfig(latitude=1.0, longitude=2.0)), True),
    ],
    ids=["nothing", "an id", "an exchange", "house ads", "a brand", "weather"],
)
def test_what_counts_as_set_up(change: Config, set_up: bool) -> None:
    assert is_provisioned(change) is set_up
