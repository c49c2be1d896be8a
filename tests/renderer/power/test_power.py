"""The display's power: asked for aside, verified, tried again, told with a code; nobody ever waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from renderer.power import Power, Switch, Switches
from renderer.power._backlight import find_backlight
from tests.renderer.power.fakes import FakeSwitch, refused

LONG_S = 40.0


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def power_of(switch: Switch | None, mark: Path | None = None, patience_s: float = LONG_S) -> Power:
    return Power(switch, mark, patience_s=patience_s, waits_s=(0.0, 0.01, 0.01))


def test_off_and_on_are_verified() -> None:
    switch = FakeSwitch()
    power = power_of(switch)
    assert (power.state, power.evidence, power.error) == ("unknown", None, None)
    power.want(on=False)
    until(lambda: power.state == "off")
    assert (power.evidence, power.of("unknown"), power.error) == ("cec:off", "off", None)
    power.want(on=True)
    until(lambda: power.state == "on")
    until(lambda: not power.lighting_up)
    assert (power.evidence, power.of("unknown")) == ("cec:on", "unknown")  # on is not lit: that is never a guess
    assert switch.asked == [False, True]


def test_what_is_wanted_already_is_not_asked_for_again() -> None:
    switch = FakeSwitch()
    power = power_of(switch)
    for _ in range(5):
        power.want(on=False)
    until(lambda: power.state == "off")
    assert switch.asked == [False]


def test_nothing_switches_where_there_is_no_switch(tmp_path: Path) -> None:
    power = power_of(None, tmp_path / "mark")
    power.want(on=False)
    assert (power.state, power.evidence, power.lighting_up, power.left_off) == ("unknown", None, False, False)


def test_one_that_cannot_is_tried_again_and_told_with_its_code() -> None:
    switch = FakeSwitch(answers=[refused(), refused(), refused()])
    power = power_of(switch)
    power.want(on=False)
    until(lambda: len(switch.asked) == 3)
    until(lambda: power.error is not None)
    assert (power.state, power.error) == ("unknown", "display.not_switched")


def test_one_that_works_at_the_second_try_is_no_error() -> None:
    switch = FakeSwitch(answers=[refused(), "off"])
    power = power_of(switch)
    power.want(on=False)
    until(lambda: power.state == "off")
    assert power.error is None


def test_a_tv_that_says_it_is_off_after_it_was_turned_on_is_told() -> None:
    switch = FakeSwitch(answers=["off", "off", "off", "off"])
    power = power_of(switch)
    power.want(on=False)
    until(lambda: power.state == "off")
    power.want(on=True)
    until(lambda: not power.lighting_up)
    assert (power.state, power.error) == ("off", "display.stays_off")
    assert power.of("unknown") == "off"  # nothing of that is billed
    power.close()


def test_nobody_waits_for_one_that_was_not_off() -> None:
    """At the start of a screen the display is lit most of the time: the show goes on meanwhile."""
    hang = threading.Event()
    power = power_of(FakeSwitch(hang=hang))
    power.want(on=True)
    assert not power.lighting_up
    hang.set()
    until(lambda: power.state == "on")


def test_one_that_hangs_is_given_up_with_a_code() -> None:
    hang = threading.Event()
    power = Power(FakeSwitch(hang=hang), patience_s=0.05, waits_s=(0.0,))
    power.want(on=False)
    until(lambda: power.error == "display.switch_timeout")
    assert power.state == "unknown"
    hang.set()


def test_a_newer_wish_ends_the_older_one() -> None:
    switch = FakeSwitch(answers=[refused()])
    power = Power(switch, patience_s=LONG_S, waits_s=(0.0, 3600.0))
    power.want(on=False)
    until(lambda: power.error is not None)
    power.want(on=True)
    until(lambda: power.state == "on")
    assert switch.asked == [False, True]
    assert power.error is None


def test_a_fault_in_a_switch_is_no_end(caplog: pytest.LogCaptureFixture) -> None:
    power = Power(FakeSwitch(answers=[RuntimeError("bug")]), patience_s=LONG_S, waits_s=(0.0,))
    power.want(on=False)
    until(lambda: power.error == "display.not_switched")
    assert any(record.exc_info for record in caplog.records)


def test_the_next_process_knows_that_the_display_was_turned_off(tmp_path: Path) -> None:
    mark = tmp_path / "turned-off"
    first = power_of(FakeSwitch(), mark)
    first.want(on=False)
    until(lambda: first.state == "off")
    first.close()
    second = power_of(FakeSwitch(), mark)
    assert second.left_off
    second.want(on=True)
    until(lambda: second.state == "on")
    assert not mark.exists()


def test_everybody_is_told() -> None:
    told = threading.Event()
    power = Power(FakeSwitch(), done=told.set, patience_s=LONG_S)
    power.want(on=False)
    assert told.wait(LONG_S)


def test_off_goes_by_the_best_way_that_can() -> None:
    cec, dpms = FakeSwitch(answers=[refused(), "on"]), FakeSwitch("dpms")
    both = Switches((cec, dpms))
    assert (both.turn(on=False), both.name) == ("off", "dpms")
    cec.answers = []
    assert (both.turn(on=False), both.name, len(dpms.asked)) == ("off", "cec", 1)
    assert both.turn(on=True) == "on"
    assert (cec.asked[-1], dpms.asked[-1]) == (True, True)  # whichever turned it off


def test_two_tvs_are_turned_off_both() -> None:
    one, other, dpms = FakeSwitch(), FakeSwitch(), FakeSwitch("dpms")
    assert Switches((one, other, dpms)).turn(on=False) == "off"
    assert (one.asked, other.asked, dpms.asked) == ([False], [False], [])
    other.answers = ["on"]
    assert Switches((one, other, dpms)).turn(on=False) == "unknown"


def test_when_no_way_can_it_is_told() -> None:
    both = Switches((FakeSwitch(answers=[refused("a")]), FakeSwitch("dpms", answers=[refused("b")])))
    with pytest.raises(Exception, match="b"):
        both.turn(on=False)


def test_a_backlight_is_set_and_never_to_nothing(tmp_path: Path) -> None:
    assert find_backlight(tmp_path) is None
    for name, most in (("a", "1"), ("b", "nonsense"), ("rpi", "255")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "max_brightness").write_text(most)
        (tmp_path / name / "brightness").write_text("0")
    found = find_backlight(tmp_path)
    assert found is not None
    assert found.folder.name == "rpi"
    for percent, raw in ((100, "255"), (40, "102"), (0, "1")):
        assert found.set(percent)
        assert (found.folder / "brightness").read_text() == raw
    (found.folder / "brightness").unlink()
    (found.folder / "brightness").mkdir()
    assert not found.set(50)
