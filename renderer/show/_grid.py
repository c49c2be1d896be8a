"""The grid of aligned slots: when, by the wall clock, a slot starts on every screen that has this loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config import SlotConfig

HOLD_MS = 1_500
"""So long the last frame stays for an aligned start; what takes longer is filled."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next aligned slot, and when it is to start (Unix ms)."""

    index: int
    at_ms: int


def slot_ms(slot: SlotConfig) -> int:
    """The slot's length."""
    return round(slot.seconds * 1000)


def next_due(slots: Sequence[SlotConfig], turns: Sequence[int], now_ms: int) -> Due | None:
    """The first aligned slot among ``turns`` (the running slots, beginning with whose turn it is); None without one.

    The running slots' lengths make a cycle, which began with the Unix epoch: screens with the same loop and the same
    time need no word with each other. Of the slot's starts, the one nearest to when its turn would come by itself.
    """
    index = next((one for one in turns if slots[one].align), None)
    if index is None:
        return None
    cycle_ms = sum(slot_ms(slots[one]) for one in turns)
    phase_ms = sum(slot_ms(slots[one]) for one in turns if one < index)
    before_ms = sum(slot_ms(slots[one]) for one in turns[: turns.index(index)])
    late_ms = (now_ms + before_ms - phase_ms) % cycle_ms
    nearest_ms = now_ms + before_ms - late_ms
    return Due(index, nearest_ms if 2 * late_ms <= cycle_ms else nearest_ms + cycle_ms)


def on_time(slots: Sequence[SlotConfig], turns: Sequence[int], now_ms: int) -> tuple[Sequence[int], Due | None]:
    """``turns`` without what is too late for the grid, and what is due on it.

    An aligned slot is too late when half of it is over: the next one waits for its own time. Another slot is too late
    when more than half of it would run into the aligned one.
    """
    due = next_due(slots, turns, now_ms)
    if due is not None and turns[0] == due.index and 2 * (now_ms - due.at_ms) > slot_ms(slots[due.index]):
        turns = (*turns[1:], turns[0])
        due = next_due(slots, turns, now_ms)
    if due is None:
        return turns, None
    for place, index in enumerate(turns):
        if index == due.index or 2 * (due.at_ms - now_ms) >= slot_ms(slots[index]):
            return turns[place:], due
    return turns, due


def fitted_ms(planned_ms: int, due: Due, now_ms: int) -> int:
    """The length of what comes right before an aligned slot: stretched or cut by up to a half, to end on time."""
    room_ms = due.at_ms - now_ms
    return room_ms if planned_ms <= 2 * room_ms <= 3 * planned_ms else planned_ms


def filler_ms(slot: SlotConfig, wait_ms: int) -> int:
    """The length of what is shown until an aligned start: all of the wait, or a slot's length and no short rest."""
    usual_ms = slot_ms(slot)
    return wait_ms if wait_ms <= usual_ms + max(HOLD_MS, usual_ms // 2) else usual_ms
