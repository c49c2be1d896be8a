"""Service mode: asked for, read, run out, and never believed from another boot or a broken file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import Doorbell, ServiceMode, ask_card, pause, read_service, resume
from config import Code, OohError
from tests.fakes import FakeClock

SECOND_NS = 1_000_000_000


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[Doorbell]:
    """A screen that listens."""
    listening = Doorbell.listen(tmp_path, "screen")
    yield listening
    listening.close()


def test_nothing_is_asked_for_at_first(tmp_path: Path) -> None:
    assert read_service(tmp_path, FakeClock()) == ServiceMode()


def test_a_card_is_asked_for_and_runs_out_by_itself(tmp_path: Path, bell: Doorbell) -> None:
    clock = FakeClock()
    assert ask_card(tmp_path, clock, "identify", 30)
    assert bell.drain() == ("service",)
    until_ns = clock.monotonic_ns() + 30 * SECOND_NS
    assert read_service(tmp_path, clock) == ServiceMode("identify", until_ns, None)
    clock.advance(29.9)
    assert read_service(tmp_path, clock).card == "identify"
    clock.advance(0.1)
    assert read_service(tmp_path, clock) == ServiceMode()


@pytest.mark.usefixtures("bell")
def test_card_and_pause_do_not_take_each_other_away(tmp_path: Path) -> None:
    clock = FakeClock()
    pause(tmp_path, clock, 900)
    ask_card(tmp_path, clock, "pattern", 60)
    told = read_service(tmp_path, clock)
    assert (told.card, told.paused_until_ns) == ("pattern", clock.monotonic_ns() + 900 * SECOND_NS)
    clock.advance(60)
    assert read_service(tmp_path, clock) == ServiceMode(None, None, clock.monotonic_ns() + 840 * SECOND_NS)


def test_resume_ends_both(tmp_path: Path, bell: Doorbell) -> None:
    clock = FakeClock()
    pause(tmp_path, clock, 900)
    ask_card(tmp_path, clock, "status", 60)
    bell.drain()
    assert resume(tmp_path)
    assert bell.drain() == ("service",)
    assert read_service(tmp_path, clock) == ServiceMode()


def test_without_a_screen_nothing_is_asked_for(tmp_path: Path) -> None:
    clock = FakeClock()
    assert not ask_card(tmp_path, clock, "status", 60)
    assert not pause(tmp_path, clock, 60)
    assert not resume(tmp_path)
    assert read_service(tmp_path, clock) == ServiceMode()
    assert list(tmp_path.iterdir()) == []


def test_a_wish_that_nobody_heard_leaves_the_one_before(tmp_path: Path, bell: Doorbell) -> None:
    clock = FakeClock()
    pause(tmp_path, clock, 900)
    before = read_service(tmp_path, clock)
    bell.close()
    assert not ask_card(tmp_path, clock, "status", 60)
    assert read_service(tmp_path, clock) == before


@pytest.mark.usefixtures("bell")
def test_what_another_boot_asked_for_does_not_count(tmp_path: Path) -> None:
    pause(tmp_path, FakeClock(), 900)
    assert read_service(tmp_path, FakeClock(boot="another")) == ServiceMode()


@pytest.mark.usefixtures("bell")
@pytest.mark.parametrize(("seconds", "held"), [(-5, 1), (0, 1), (1e12, 8 * 3_600)])
def test_no_time_is_longer_than_it_may_be(tmp_path: Path, seconds: float, held: int) -> None:
    clock = FakeClock()
    pause(tmp_path, clock, seconds)
    assert read_service(tmp_path, clock).paused_until_ns == clock.monotonic_ns() + held * SECOND_NS


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OohError) as told:
        pause(tmp_path / "gone", FakeClock(), 60)
    assert told.value.code is Code.CACHE_UNAVAILABLE


@given(
    st.one_of(
        st.binary(max_size=40),
        st.binary(max_size=40).map(lambda text: b'{"card": "' + text + b'"}'),
        st.just(b'{"card": "\xff"}'),
        st.dictionaries(
            st.sampled_from(["boot_id", "card", "card_until_ns", "paused_until_ns"]),
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just(FakeClock.boot)
            ),
        ).map(lambda told: json.dumps(told).encode()),
    )
)
def test_any_file_is_read_without_harm(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    clock, run = FakeClock(), tmp_path_factory.getbasetemp()
    (run / "service.json").write_bytes(content)
    told = read_service(run, clock)
    assert (told.card is None) == (told.card_until_ns is None)
    for until_ns in (told.card_until_ns, told.paused_until_ns):
        assert until_ns is None or 0 < until_ns - clock.monotonic_ns() <= 8 * 3_600 * SECOND_NS
