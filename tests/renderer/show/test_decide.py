"""The decision: order, dayparts, turns, and whole days simulated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import SlotConfig
from renderer.show.decide import Candidates, Choice, LoopRules, LoopState, Moment, belongs
from renderer.show.decide import decide as decide_by
from tests.renderer.show.shapes import NOON, house, ready

AD, HOUSE, CONTENT = SlotConfig("ad"), SlotConfig("house"), SlotConfig("content")


def decide(state: LoopState, candidates: Candidates, loop: Sequence[SlotConfig], now: datetime) -> Choice:
    return decide_by(state, candidates, LoopRules(tuple(loop)), Moment(now, 0))


@pytest.mark.parametrize(
    ("candidates", "kind"),
    [
        (Candidates((ready("a"),), (house("h"),), content=True), "ad"),
        (Candidates((), (house("h"),), content=True), "house"),
        (Candidates((), (), content=True), "content"),
        (Candidates(), "slate"),
    ],
)
def test_an_ad_slot_falls_through_the_order(candidates: Candidates, kind: str) -> None:
    assert decide(LoopState(), candidates, [AD], NOON).kind == kind


def test_an_ads_own_length_wins_over_the_slots() -> None:
    choice = decide(LoopState(), Candidates((ready("a", 7_500),)), [SlotConfig("ad", seconds=20)], NOON)
    assert choice.planned_ms == 7_500
    assert choice.ad is not None


def test_the_loop_goes_round() -> None:
    everything = Candidates((ready("a"),), (house("h"),), content=True)
    assert kinds(everything, [AD, HOUSE, CONTENT], 6) == ["ad", "house", "content"] * 2


def test_a_slot_with_nothing_gives_its_turn_away() -> None:
    assert kinds(Candidates((ready("a"),)), [AD, HOUSE, CONTENT], 3) == ["ad"] * 3


def test_a_paid_ad_is_never_shown_in_a_loop_without_ad_slots() -> None:
    assert kinds(Candidates((ready("a"),)), [HOUSE, CONTENT], 2) == ["slate"] * 2


def test_a_content_loop_without_content_shows_house_ads_rather_than_the_slate() -> None:
    assert kinds(Candidates((), (house("h"),)), [CONTENT], 2) == ["house"] * 2


def test_a_waiting_ad_slot_keeps_its_turn_while_the_slate_is_on() -> None:
    slate = decide(LoopState(1), Candidates(), [HOUSE, AD, CONTENT], NOON)
    assert (slate.kind, slate.after.next_slot) == ("slate", 1)


def test_house_ads_take_turns_and_survive_new_and_gone_files() -> None:
    loop = [HOUSE]
    first = decide(LoopState(), Candidates(house=(house("b"), house("a"), house("c"))), loop, NOON)
    second = decide(first.after, Candidates(house=(house("a"), house("aa"), house("c"))), loop, NOON)
    third = decide(second.after, Candidates(house=(house("a"), house("c"))), loop, NOON)
    fourth = decide(third.after, Candidates(house=(house("a"), house("c"))), loop, NOON)
    assert names(first, second, third, fourth) == ["a", "aa", "c", "a"]


def test_house_ads_take_turns_across_slots() -> None:
    candidates = Candidates(house=(house("a"), house("b"), house("c")))
    state, shown = LoopState(), []
    for _ in range(6):
        choice = decide(state, candidates, [AD, HOUSE], NOON)
        state = choice.after
        shown.append(choice.house.name if choice.house else None)
    assert shown == ["a", "b", "c"] * 2


def test_a_house_slot_shows_its_own_creatives_only() -> None:
    loop = [SlotConfig("house", creatives=("ads/menu-*.png",)), SlotConfig("house", creatives=("ads/logo.png",))]
    candidates = Candidates(house=(house("logo.png"), house("menu-1.png"), house("menu-2.png")))
    state, shown = LoopState(), []
    for _ in range(4):
        choice = decide(state, candidates, loop, NOON)
        state = choice.after
        shown += names(choice)
    assert shown == ["menu-1.png", "logo.png", "menu-2.png", "logo.png"]


@pytest.mark.parametrize(
    ("entry", "name", "expected"),
    [
        ("/srv/ads/a.png", "a.png", True),
        ("/srv/ads/a.png", "b.png", False),
        ("/srv/ads/*.png", "b.png", True),
        ("/srv/ads/*.png", "b.gif", False),
        ("/srv/ads", "b.gif", True),
        ("/srv/ads/", "b.gif", True),
    ],
)
def test_files_patterns_and_folders_name_house_ads(entry: str, name: str, expected: bool) -> None:
    assert belongs(name, SlotConfig("house", creatives=(entry,))) is expected


@pytest.mark.parametrize(
    ("starts", "ends", "at", "expected"),
    [
        ("00:00", "24:00", time(23, 59, 59), True),
        ("08:00", "10:00", time(8, 0), True),
        ("08:00", "10:00", time(10, 0), False),
        ("08:00", "10:00", time(7, 59, 59), False),
        ("22:00", "02:00", time(23, 0), True),
        ("22:00", "02:00", time(1, 59), True),
        ("22:00", "02:00", time(2, 0), False),
        ("22:00", "24:00", time(0, 0), False),
    ],
)
def test_dayparts(starts: str, ends: str, at: time, expected: bool) -> None:
    assert SlotConfig(starts=starts, ends=ends).runs(datetime.combine(date(2026, 11, 22), at)) is expected


def test_outside_every_daypart_nothing_paid_is_shown() -> None:
    loop = [SlotConfig("ad", starts="08:00", ends="10:00")]
    everything = Candidates((ready("a"),), (house("h"),), content=True)
    assert decide(LoopState(), everything, loop, NOON).kind == "content"
    assert decide(LoopState(), Candidates((ready("a"),), (house("h"),)), loop, NOON).kind == "slate"


def test_a_day_is_shared_as_the_dayparts_say() -> None:
    """24 hours of 10 s slots: the breakfast menu only in the morning, an ad in every ad slot."""
    loop = [AD, SlotConfig("house", creatives=("breakfast.png",), starts="06:00", ends="10:00"), CONTENT]
    candidates = Candidates((ready("a"),), (house("breakfast.png"),), content=True)
    state, now, shown = LoopState(), datetime(2026, 11, 22), Counter[tuple[str, bool]]()  # noqa: DTZ001 - local time
    end = now + timedelta(days=1)
    while now < end:
        choice = decide(state, candidates, loop, now)
        shown[choice.kind, 6 <= now.hour < 10] += 1
        state, now = choice.after, now + timedelta(milliseconds=choice.planned_ms)
    assert ("house", False) not in shown
    assert shown["house", True] == 480  # 4 h of 30 s loops
    assert shown["ad", True] == 480
    assert shown["ad", False] == shown["content", False] == 3600  # 20 h of 20 s loops


SLOTS = st.builds(
    SlotConfig,
    kind=st.sampled_from(["ad", "house", "content"]),
    seconds=st.floats(1, 600),
    creatives=st.sampled_from([(), ("a.png",), ("*.gif",)]),
    starts=st.sampled_from(["00:00", "06:00", "22:00"]),
    ends=st.sampled_from(["24:00", "05:00", "12:00"]),
)
CANDIDATES = st.builds(
    Candidates,
    ads=st.lists(st.builds(ready, st.sampled_from("xyz"), st.integers(1, 60_000)), max_size=2).map(tuple),
    house=st.lists(st.builds(house, st.sampled_from(["a.png", "b.png", "c.gif"])), max_size=3).map(tuple),
    content=st.booleans(),
)


@given(st.lists(SLOTS, max_size=5), st.lists(CANDIDATES, min_size=1, max_size=12), st.integers(0, 9), st.datetimes())
def test_whatever_comes_there_is_a_sound_choice(
    loop: list[SlotConfig], turns: list[Candidates], first: int, now: datetime
) -> None:
    state = LoopState(first)
    for candidates in turns:
        choice = decide(state, candidates, loop, now)
        assert choice.planned_ms >= 1
        assert (choice.ad is not None) == (choice.kind == "ad")
        assert (choice.house is not None) == (choice.kind == "house")
        if choice.ad is not None:
            assert choice.ad in candidates.ads
            assert any(slot.kind == "ad" and slot.runs(now) for slot in loop)
        if choice.kind == "slate":
            assert not candidates.content
        state = choice.after


def kinds(candidates: Candidates, loop: list[SlotConfig], count: int) -> list[str]:
    state = LoopState()
    shown: list[str] = []
    for _ in range(count):
        choice = decide(state, candidates, loop, NOON)
        shown.append(choice.kind)
        state = choice.after
    return shown


def names(*choices: Choice) -> list[str]:
    return [choice.house.name for choice in choices if choice.house is not None]
