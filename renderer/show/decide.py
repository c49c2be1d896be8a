"""What comes next: a pure decision from the loop, what is ready and the time of day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Literal

from cache import HouseAd, ReadyAd
from config import Config, SlotConfig, SlotKind, Transition
from renderer.show._grid import HOLD_MS, Due, filler_ms, fitted_ms, on_time, slot_ms
from renderer.show._instead import Instead
from renderer.show._separation import Pick, Shown, pick, remembered

ShowKind = Literal["ad", "house", "content", "slate", "card", "dark"]
"""The last three are no plays."""

_MOST_HOUSE = 500
"""How many names are remembered: files come and go for years."""
_MOST_CREDIT_MS = 600_000
"""What house ads may be owed, or owe: after a day without paid ads they do not stay away for hours."""
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class LoopRules:
    """How the loop is filled: the slots, and what holds in all of them."""

    slots: tuple[SlotConfig, ...]
    separation_ms: int = 0
    """Least time between two ads of one advertiser."""
    house_share: float = 0.0
    """House ads' share of the time, 0 to 0.9."""

    @classmethod
    def of(cls, config: Config) -> LoopRules:
        """From ``[[loop]]`` and ``[show]``."""
        return cls(config.loop, round(config.show.separation_seconds * 1000), config.show.house_share / 100)


@dataclass(frozen=True, slots=True)
class Moment:
    """When the choice is to come on."""

    local: datetime
    """By the screen's wall clock."""
    ns: int
    """Monotonic."""
    synced: bool = False
    """True when the wall clock is known to be right: only then slots are aligned."""

    @property
    def ms(self) -> int:
        """Unix time."""
        return round(self.local.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class LoopState:
    """How far the loop has come."""

    next_slot: int = 0
    """The slot whose turn it is."""
    shown_house: tuple[str, ...] = ()
    """House ads by name, the one shown last at the end, so that they take turns whichever slot shows them."""
    shown_ads: tuple[Shown, ...] = ()
    """Paid ads that were on, the last at the end."""
    house_credit_ms: float = 0.0
    """What house ads are owed of their share of the time; below zero what they had too much."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What could be shown now."""

    ads: tuple[ReadyAd, ...] = ()
    """Paid ads whose plates exist and whose windows are open, in order of offer."""
    house: tuple[HouseAd, ...] = ()
    content: bool = False
    """True when full-screen content has something to say."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to show next, and the loop's state once it is on."""

    kind: ShowKind
    planned_ms: int
    transition: Transition
    after: LoopState
    ad: ReadyAd | None = None
    house: HouseAd | None = None
    aligned_ms: int | None = None
    """When an aligned slot is to start (Unix ms): up to ``HOLD_MS`` ahead, or past when the loop is late."""
    instead: Instead | None = None
    """What it is instead of the loop's own choice."""


def decide(state: LoopState, candidates: Candidates, rules: LoopRules, at: Moment) -> Choice:
    """Choose what the next running slot shows. Total: there is always a choice, the slate at worst.

    The order is paid ad, house ad, full-screen content, slate. An ad slot without a fill falls through it as its
    ``no_fill`` says; a house or content slot that has nothing gives its turn to the next slot. A paid ad is shown in
    ad slots only. With an aligned slot ahead and a synchronised clock, slots that would run far into it are left out
    and what comes before it is fitted, so that it starts on the grid.
    """
    turns: Sequence[int] = tuple(_turns(state.next_slot, rules.slots, at.local))
    due = None
    if at.synced:
        turns, due = on_time(rules.slots, turns, at.ms)
    if due is not None and turns[0] == due.index and due.at_ms - at.ms > HOLD_MS:
        return _booked(_filler(state, candidates, rules, due, at), rules, at)
    for index in turns:
        choice = _fill(state, candidates, rules, index, at)
        if choice is not None:
            return _booked(_aligned(choice, index, turns, due, at), rules, at)
    return _booked(_last_resort(state, candidates, rules, turns, at), rules, at)


def belongs(name: str, slot: SlotConfig) -> bool:
    """True when a house ad of this file name is among the slot's ``creatives`` (files, patterns, folders)."""
    return any(_names(PurePosixPath(entry).name, name) for entry in slot.creatives)


def as_play_kind(kind: ShowKind) -> SlotKind | None:
    """The kind in the record; None for slate, card and dark, which are no plays."""
    if kind == "slate" or kind == "card" or kind == "dark":  # noqa: PLR1714 - so that types follow
        return None
    return kind


def _names(last: str, name: str) -> bool:
    is_folder = not PurePosixPath(last).suffix and not _WILD.intersection(last)
    return is_folder or fnmatchcase(name, last)


def _turns(first: int, slots: Sequence[SlotConfig], at: datetime) -> Iterator[int]:
    """The running slots' indexes, each once, beginning with whose turn it is."""
    for step in range(len(slots)):
        index = (first + step) % len(slots)
        if slots[index].runs(at):
            yield index


def _fill(state: LoopState, candidates: Candidates, rules: LoopRules, index: int, at: Moment) -> Choice | None:
    """What this slot shows; None gives the turn away."""
    slot = rules.slots[index]
    after = replace(state, next_slot=(index + 1) % len(rules.slots))
    if slot.kind == "ad":
        return _fill_ad(state, after, candidates, rules, index, at)
    if slot.kind == "house" and (house := _next_house(state, candidates.house, rules.slots, index)):
        return _house_choice(house, slot, after)
    if slot.kind == "content" and candidates.content:
        return Choice("content", slot_ms(slot), slot.transition, after)
    return None


def _fill_ad(
    state: LoopState, after: LoopState, candidates: Candidates, rules: LoopRules, index: int, at: Moment
) -> Choice | None:
    """An ad slot: the house ads' share, a paid ad that keeps its distance, the slot's ``no_fill``, any paid ad."""
    slot = rules.slots[index]
    house = _next_house(state, candidates.house, rules.slots, index)
    if house is not None and rules.house_share > 0 and state.house_credit_ms >= slot_ms(slot):
        return _house_choice(house, slot, after)
    found = pick(candidates.ads, state.shown_ads, rules.separation_ms, at.ns)
    if found is not None and found.apart:
        return _ad_choice(found, slot, after)
    if slot.no_fill == "skip":
        return None
    kinds = ("house", "content") if slot.no_fill == "house" else ("content", "house")
    for kind in kinds:
        if kind == "house" and house is not None:
            return _house_choice(house, slot, after)
        if kind == "content" and candidates.content:
            return Choice("content", slot_ms(slot), slot.transition, after)
    if found is not None:
        return _ad_choice(found, slot, after)
    return Choice("slate", slot_ms(slot), slot.transition, state)  # the slot keeps its turn


def _last_resort(
    state: LoopState, candidates: Candidates, rules: LoopRules, turns: Sequence[int], at: Moment
) -> Choice:
    """No slot runs, or none that runs has anything: house ad (only while a slot runs), content, paid ad, slate."""
    slot = SlotConfig()
    house = _longest_ago(candidates.house, state.shown_house) if turns else None
    if house is not None:
        return _house_choice(house, slot, state)
    if candidates.content:
        return Choice("content", slot_ms(slot), slot.transition, state)
    found = pick(candidates.ads, state.shown_ads, rules.separation_ms, at.ns)
    if found is not None and any(rules.slots[index].kind == "ad" for index in turns):
        return _ad_choice(found, slot, state)
    return Choice("slate", slot_ms(slot), slot.transition, state)


def _filler(state: LoopState, candidates: Candidates, rules: LoopRules, due: Due, at: Moment) -> Choice:
    """Until an aligned slot may start: house ad, content, a paid ad that fits, slate. No slot's turn is used up."""
    slot = rules.slots[due.index]
    wait_ms = due.at_ms - at.ms
    planned_ms = filler_ms(slot, wait_ms)
    house = _next_house(state, candidates.house, rules.slots, due.index)
    if house is not None:
        return replace(_house_choice(house, slot, state), planned_ms=planned_ms)
    if candidates.content:
        return Choice("content", planned_ms, slot.transition, state)
    short = [ad for ad in candidates.ads if ad.lease.duration_ms <= wait_ms]
    found = pick(short, state.shown_ads, rules.separation_ms, at.ns) if slot.kind == "ad" else None
    if found is not None:
        return _ad_choice(found, slot, state)
    return Choice("slate", planned_ms, slot.transition, state)


def _aligned(choice: Choice, index: int, turns: Sequence[int], due: Due | None, at: Moment) -> Choice:
    """The aligned slot itself with its time; what comes right before it, fitted."""
    if due is None:
        return choice
    if index == due.index:
        return replace(choice, aligned_ms=due.at_ms)
    place = turns.index(index)
    before_it = turns[(place + 1) % len(turns)] == due.index
    if before_it and choice.kind in {"house", "content"}:
        return replace(choice, planned_ms=fitted_ms(choice.planned_ms, due, at.ms))
    return choice


def _booked(choice: Choice, rules: LoopRules, at: Moment) -> Choice:
    """The choice with what it changes in the loop's memory: who was on, and the house ads' share."""
    after = choice.after
    if choice.ad is not None:
        after = replace(after, shown_ads=remembered(after.shown_ads, choice.ad.lease, rules.separation_ms, at.ns))
    credit = after.house_credit_ms + choice.planned_ms * (rules.house_share - (choice.kind == "house"))
    return replace(choice, after=replace(after, house_credit_ms=max(-_MOST_CREDIT_MS, min(_MOST_CREDIT_MS, credit))))


def _next_house(state: LoopState, house: Sequence[HouseAd], slots: Sequence[SlotConfig], index: int) -> HouseAd | None:
    """The slot's own house ads in turn; an ad slot without any takes all there are."""
    slot = slots[index]
    own = [ad for ad in house if belongs(ad.name, slot)]
    if not own and (slot.kind != "house" or not slot.creatives):
        own = list(house)
    return _longest_ago(own, state.shown_house)


def _longest_ago(house: Sequence[HouseAd], shown: tuple[str, ...]) -> HouseAd | None:
    """The one that was never shown, by name, else the one that was shown longest ago."""
    turn = {name: place for place, name in enumerate(shown)}
    return min(house, key=lambda ad: (turn.get(ad.name, -1), ad.name), default=None)


def _house_choice(house: HouseAd, slot: SlotConfig, after: LoopState) -> Choice:
    others = tuple(name for name in after.shown_house if name != house.name)
    state = replace(after, shown_house=(*others[-_MOST_HOUSE:], house.name))
    return Choice("house", slot_ms(slot), slot.transition, state, house=house)


def _ad_choice(found: Pick, slot: SlotConfig, after: LoopState) -> Choice:
    return Choice("ad", found.ad.lease.duration_ms, slot.transition, after, ad=found.ad)
