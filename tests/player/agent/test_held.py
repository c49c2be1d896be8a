"""Plays that waited for the clock: the agent finishes them, also when no play ends, and wakes the delivery."""

from __future__ import annotations

from cache import ClockState, PlayEnd
from config import ProofConfig
from player.agent._keep import Keeper
from tests.fakes import FakeClock
from tests.player.agent.rig import Rig, play

UNSYNCED = ClockState(synced=False, source="chrony", offset_ms=None)
SYNCED = ClockState(synced=True, source="chrony", offset_ms=None)


def test_they_leave_as_soon_as_the_clock_is_set(rig: Rig, clock: FakeClock) -> None:
    rings: list[str] = []
    keeper = Keeper(rig.journal, rig.cache, clock, ProofConfig(), on_finished=lambda: rings.append("delivery"))
    clock.clock_state = UNSYNCED
    rig.offer()
    play_id = play(rig, clock)
    clock.advance(10)
    rig.journal.close_play(play_id, PlayEnd(clock.now(), 10_000, 1, 0, "complete"), ("kinesis",))
    keeper.expire()
    assert (rings, rig.journal.pending("kinesis", 10), rig.journal.held_plays()) == ([], (), 1)
    clock.jump(86_400)
    clock.clock_state = SYNCED
    keeper.expire()
    keeper.expire()
    assert rings == ["delivery"]
    assert [queued.play_id for queued in rig.journal.pending("kinesis", 10)] == [play_id]
    assert rig.journal.health().held == 0
