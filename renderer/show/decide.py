"""What comes next: a pure decision from the loop, what is ready and the time of day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Literal

from cache import HouseAd, ReadyAd
from config import SlotConfig, SlotKind, Transition

ShowKind = Literal["ad", "house", "content", "slate"]

_MOST_HOUSE = 500
"""How many names are remembered: files come and go for years."""
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class LoopState:
    """How far the loop has come."""

    next_slot: int = 0
    """The slot whose turn it is."""
    shown_house: tuple[str, ...] = ()
    """House ads by name, the one shown last at the end, so that they take turns whichever slot shows them."""


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


def decide(state: LoopState, candidates: Candidates, loop: Sequence[SlotConfig], now_local: datetime) -> Choice:
    """Choose what the next running slot shows. Total: there is always a choice, the slate at worst.

    The order is paid ad, house ad, full-screen content, slate. An ad slot without a fill falls through it; a house
    or content slot that has nothing gives its turn to the next slot. A paid ad is shown in ad slots only.
    """
    for index in _turns(state.next_slot, loop, now_local.time()):
        choice = _fill(state, candidates, loop, index)
        if choice is not None:
            return choice
    return _last_resort(state, candidates, loop, now_local.time())


def belongs(name: str, slot: SlotConfig) -> bool:
    """True when a house ad of this file name is among the slot's ``creatives`` (files, patterns, folders)."""
    return any(_names(PurePosixPath(entry).name, name) for entry in slot.creatives)


def _names(last: str, name: str) -> bool:
    is_folder = not PurePosixPath(last).suffix and not _WILD.intersection(last)
    return is_folder or fnmatchcase(name, last)


def _turns(first: int, loop: Sequence[SlotConfig], at: time) -> Iterator[int]:
    """The running slots' indexes, each once, beginning with whose turn it is."""
    for step in range(len(loop)):
        index = (first + step) % len(loop)
        if loop[index].runs(at):
            yield index


def _fill(state: LoopState, candidates: Candidates, loop: Sequence[SlotConfig], index: int) -> Choice | None:
    """What this slot shows; None gives the turn away."""
    slot = loop[index]
    after = replace(state, next_slot=(index + 1) % len(loop))
    if slot.kind == "ad" and candidates.ads:
        ad = candidates.ads[0]
        return Choice("ad", ad.lease.duration_ms, slot.transition, after, ad=ad)
    if slot.kind in {"ad", "house"} and (house := _next_house(state, candidates.house, loop, index)):
        return _house_choice(house, slot, after)
    if slot.kind in {"ad", "content"} and candidates.content:
        return Choice("content", _planned_ms(slot), slot.transition, after)
    if slot.kind == "ad":
        return Choice("slate", _planned_ms(slot), slot.transition, state)  # the slot keeps its turn
    return None


def _last_resort(state: LoopState, candidates: Candidates, loop: Sequence[SlotConfig], at: time) -> Choice:
    """No slot runs, or none that runs has anything: house ad (only while a slot runs), content, slate."""
    slot = SlotConfig()
    index = next(_turns(state.next_slot, loop, at), None)
    house = None if index is None else _longest_ago(candidates.house, state.shown_house)
    if house is not None:
        return _house_choice(house, slot, state)
    kind: Literal["content", "slate"] = "content" if candidates.content else "slate"
    return Choice(kind, _planned_ms(slot), slot.transition, state)


def _next_house(state: LoopState, house: Sequence[HouseAd], loop: Sequence[SlotConfig], index: int) -> HouseAd | None:
    """The slot's own house ads in turn; an ad slot without any takes all there are."""
    slot = loop[index]
    own = [ad for ad in house if belongs(ad.name, slot)]
    if not own and (slot.kind == "ad" or not slot.creatives):
        own = list(house)
    return _longest_ago(own, state.shown_house)


def _longest_ago(house: Sequence[HouseAd], shown: tuple[str, ...]) -> HouseAd | None:
    """The one that was never shown, by name, else the one that was shown longest ago."""
    turn = {name: place for place, name in enumerate(shown)}
    return min(house, key=lambda ad: (turn.get(ad.name, -1), ad.name), default=None)


def _house_choice(house: HouseAd, slot: SlotConfig, after: LoopState) -> Choice:
    others = tuple(name for name in after.shown_house if name != house.name)
    state = replace(after, shown_house=(*others[-_MOST_HOUSE:], house.name))
    return Choice("house", _planned_ms(slot), slot.transition, state, house=house)


def _planned_ms(slot: SlotConfig) -> int:
    return round(slot.seconds * 1000)


def as_play_kind(kind: ShowKind) -> SlotKind | None:
    """The kind in the record; None for the slate, which is no play."""
    return None if kind == "slate" else kind
