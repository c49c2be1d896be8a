"""Separation, share of voice, no-fill and dayparts, over simulated days."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import ReadyAd
from config import SlotConfig
from renderer.show.decide import Candidates, LoopRules, LoopState, Moment, decide
from tests.renderer.show.shapes import NOON, ready
from tests.renderer.show.simulate import BERLIN, Turn, ads_of, house_of, shares, simulate

AD, HOUSE, CONTENT = SlotConfig("ad"), SlotConfig("house"), SlotConfig("content")
BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
AT = Moment(NOON, 0)


def advertisers(turns: list[Turn]) -> list[str]:
    return [turn.choice.ad.lease.advertiser_domain or "" for turn in turns if turn.choice.ad is not None]


def test_an_advertiser_keeps_its_distance_for_a_day() -> None:
    rules = LoopRules((AD,), separation_ms=60_000)
    offered = Candidates(ads_of("a", "b"), house_of("h.png"))
    turns = list(simulate(rules, lambda _: offered, BEGIN, 24))
    last: dict[str, datetime] = {}
    for turn in turns:
        if turn.choice.ad is not None:
            name = turn.choice.ad.lease.advertiser_domain or ""
            assert turn.at >= last.get(name, BEGIN) + timedelta(seconds=60) or name not in last
            last[name] = turn.at + timedelta(milliseconds=turn.choice.planned_ms)
    assert shares(turns)["ad"] == pytest.approx(2 / 7, abs=0.01)  # 10 s on, 60 s off, two of them
    assert "slate" not in shares(turns)


def test_too_close_is_better_than_the_slate() -> None:
    rules = LoopRules((AD,), separation_ms=600_000)
    turns = list(simulate(rules, lambda _: Candidates(ads_of("a")), BEGIN, 1))
    assert shares(turns) == {"ad": 1.0}


def test_no_creative_comes_twice_in_a_row_while_there_is_another() -> None:
    turns = list(simulate(LoopRules((AD,)), lambda _: Candidates(ads_of("a", "b", "c")), BEGIN, 1))
    names = advertisers(turns)
    assert all(one != other for one, other in pairwise(names))


def test_the_lease_that_closes_first_is_shown_first() -> None:
    late, soon = ready("late"), ready("soon")
    soon = ReadyAd(replace(soon.lease, expires_at=late.lease.expires_at - timedelta(minutes=5)), soon.plate)
    choice = decide(LoopState(), Candidates((late, soon)), LoopRules((AD,)), AT)
    assert choice.ad == soon


def test_a_longer_ad_must_begin_sooner() -> None:
    short, long = ready("short", 5_000), ready("long", 60_000)
    assert decide(LoopState(), Candidates((short, long)), LoopRules((AD,)), AT).ad == long


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.9])
def test_house_ads_get_their_share_of_a_day(share: float) -> None:
    offered = Candidates(ads_of("a", "b"), house_of("h.png", "i.png"), content=True)
    turns = list(simulate(LoopRules((AD, AD, CONTENT), house_share=share), lambda _: offered, BEGIN, 24))
    most = 2 / 3  # the content slot stays
    assert shares(turns)["house"] == pytest.approx(min(share, most), abs=0.01)


def test_a_night_without_paid_ads_owes_the_day_no_more_than_minutes() -> None:
    def offered(at: datetime) -> Candidates:
        return Candidates(ads_of("a", "b") if at >= BEGIN + timedelta(hours=8) else (), house_of("h.png"))

    turns = list(simulate(LoopRules((AD,), house_share=0.25), offered, BEGIN, 24))
    day = [turn for turn in turns if turn.at >= BEGIN + timedelta(hours=9)]
    assert shares(day)["house"] == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize(
    ("no_fill", "offered", "kind"),
    [
        ("house", Candidates((), house_of("h.png"), content=True), "house"),
        ("house", Candidates((), (), content=True), "content"),
        ("content", Candidates((), house_of("h.png"), content=True), "content"),
        ("content", Candidates((), house_of("h.png")), "house"),
        ("skip", Candidates((), house_of("h.png"), content=True), "content"),
        ("skip", Candidates((), house_of("h.png")), "house"),
        ("skip", Candidates(), "slate"),
    ],
)
def test_what_an_ad_slot_shows_without_a_paid_ad(no_fill: str, offered: Candidates, kind: str) -> None:
    slot = replace(AD, no_fill=no_fill)  # type: ignore[arg-type]
    assert decide(LoopState(), offered, LoopRules((slot, CONTENT)), AT).kind == kind


def test_skip_gives_the_turn_to_the_next_slot() -> None:
    rules = LoopRules((replace(AD, no_fill="skip"), HOUSE, CONTENT))
    turns = list(simulate(rules, lambda _: Candidates((), house_of("h.png"), content=True), BEGIN, 1))
    assert shares(turns) == pytest.approx({"house": 0.5, "content": 0.5}, abs=0.01)


@pytest.mark.parametrize(
    ("slot", "at", "runs"),
    [
        (SlotConfig(days=("fri",), starts="22:00", ends="02:00"), datetime(2026, 11, 27, 23, 0, tzinfo=BERLIN), True),
        (SlotConfig(days=("fri",), starts="22:00", ends="02:00"), datetime(2026, 11, 28, 1, 59, tzinfo=BERLIN), True),
        (SlotConfig(days=("fri",), starts="22:00", ends="02:00"), datetime(2026, 11, 28, 2, 0, tzinfo=BERLIN), False),
        (SlotConfig(days=("fri",), starts="22:00", ends="02:00"), datetime(2026, 11, 27, 1, 0, tzinfo=BERLIN), False),
        (SlotConfig(days=("fri",), starts="22:00", ends="02:00"), datetime(2026, 11, 28, 23, 0, tzinfo=BERLIN), False),
        (SlotConfig(days=("mon", "sun")), datetime(2026, 11, 22, 12, 0, tzinfo=BERLIN), True),
        (SlotConfig(days=("mon", "sun")), datetime(2026, 11, 23, 0, 0, tzinfo=BERLIN), True),
        (SlotConfig(days=("mon", "sun")), datetime(2026, 11, 24, 0, 0, tzinfo=BERLIN), False),
        (SlotConfig(days=("mon",), starts="20:00", ends="06:00"), datetime(2026, 11, 24, 5, 59, tzinfo=BERLIN), True),
        (SlotConfig(days=("sun",), starts="20:00", ends="06:00"), datetime(2026, 11, 23, 5, 59, tzinfo=BERLIN), True),
    ],
)
def test_a_daypart_belongs_to_the_day_it_begins_on(slot: SlotConfig, at: datetime, runs: bool) -> None:
    assert slot.runs(at) is runs


@pytest.mark.parametrize(
    ("day", "expected_h"),
    [
        (datetime(2026, 3, 29, tzinfo=BERLIN), 2),
        (datetime(2026, 10, 25, tzinfo=BERLIN), 4),
        (datetime(2026, 11, 22, tzinfo=BERLIN), 3),
    ],
)
def test_a_daypart_across_a_change_of_daylight_saving(day: datetime, expected_h: float) -> None:
    """01:00 to 04:00 by the wall: an hour is left out in spring and comes twice in autumn (Europe/Berlin)."""
    rules = LoopRules((SlotConfig("house", starts="01:00", ends="04:00"),))
    begin = day.astimezone(UTC)
    turns = simulate(rules, lambda _: Candidates((), house_of("h.png"), content=True), begin, 24)
    shown = Counter(turn.choice.kind for turn in turns)
    assert shown["house"] * 10 / 3600 == pytest.approx(expected_h, abs=0.01)


def test_dayparts_are_exact_to_the_slot() -> None:
    rules = LoopRules((SlotConfig("house", starts="08:00", ends="08:30"), CONTENT))
    begin = datetime(2026, 11, 23, 6, 50, tzinfo=UTC)
    turns = list(simulate(rules, lambda _: Candidates((), house_of("h.png"), content=True), begin, 1))
    on = [turn.at.astimezone(BERLIN) for turn in turns if turn.choice.kind == "house"]
    assert (on[0].hour, on[0].minute, on[0].second) == (8, 0, 0)
    assert all((at.hour, at.minute // 30) == (8, 0) for at in on)


@given(
    st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=6),
    st.integers(0, 120_000),
    st.booleans(),
)
def test_never_too_close_when_it_can_be_avoided(names: list[str], separation_ms: int, has_house: bool) -> None:
    offered = Candidates(ads_of(*names), house_of("h.png") if has_house else ())
    rules = LoopRules((AD,), separation_ms=separation_ms)
    until: dict[str, datetime] = {}
    for turn in simulate(rules, lambda _: offered, BEGIN, 0.2):
        free = [n for n in names if n not in until or turn.at - until[n] >= timedelta(milliseconds=separation_ms)]
        if turn.choice.ad is not None:
            name = turn.choice.ad.lease.advertiser_domain or ""
            assert name in free or (not free and not has_house)
            until[name] = turn.at + timedelta(milliseconds=turn.choice.planned_ms)
        else:
            assert not free
            assert turn.choice.kind == "house"
