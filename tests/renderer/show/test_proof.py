"""Proof when the journal fails: the show goes on, ends are kept, nothing unproven is shown twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cache import ClockState, Folders, Journal, PlayEnd, Playhead, PlayLayout, PlayStart
from config import Code, OohError
from renderer.show import Clerk, Proof
from tests.fakes import FakeClock
from tests.renderer.show.shapes import lease, plate
from tests.renderer.show.warm import IDENTITY, looked, lookout_at

SINKS = ("kinesis",)
ENDED = PlayEnd(ended_at=None, shown_ms=10_000, frames_presented=1, frames_late=0, end_reason="complete")


class Failing(Journal):
    """A real journal whose disk is full while ``full`` is set."""

    full = False

    def open_play(self, start: PlayStart) -> int:
        self._refuse()
        return super().open_play(start)

    def close_play(self, play_id: str, end: PlayEnd, sinks: object) -> object:  # type: ignore[override]
        self._refuse()
        return super().close_play(play_id, end, sinks)  # type: ignore[arg-type]

    def fail(self, lease_id: str, code: str) -> bool:
        self._refuse()
        return super().fail(lease_id, code)

    def _refuse(self) -> None:
        if self.full:
            raise OohError(Code.JOURNAL_UNAVAILABLE, "disk full")


@contextmanager
def proof_at(folder: Path, clock: FakeClock, patience_s: float = 30) -> Iterator[tuple[Proof, Failing]]:
    """A journal that fails is waited for in vain: then a short patience."""
    journal = Journal.open(folder, clock, IDENTITY)
    journal.__class__ = Failing
    assert isinstance(journal, Failing)
    for lease_id in ("lease-1", "lease-2"):
        journal.offer(lease(lease_id))
        journal.prepared(lease_id, plate(lease_id))
    lookout = lookout_at(Folders(folder, folder), clock)
    proof = Proof(lambda: journal, Playhead(folder), Clerk(patience_s=patience_s, again_s=0.01), lookout)
    yield proof, journal
    proof.end()


def start(clock: FakeClock, name: str) -> PlayStart:
    return PlayStart(
        id=f"play-{name}",
        kind="ad",
        planned_ms=10_000,
        started_at=clock.now(),
        started_ns=clock.monotonic_ns(),
        boot_id=clock.boot_id(),
        layout=PlayLayout((0, 0, 10, 10), (), 1.0),
        clock=ClockState(synced=True, source=None, offset_ms=None),
        display="unknown",
        display_evidence=None,
        lease=lease(name),
    )


def ready(proof: Proof, clock: FakeClock) -> list[str]:
    looked(proof._lookout)
    return [ad.lease.lease_id for ad in proof.ready(clock.now())]


def opened(proof: Proof, play: PlayStart) -> int | None:
    return proof.wait(proof.open(play))


def closed(proof: Proof, play: PlayStart) -> None:
    proof.settle(proof.close(play, ENDED, SINKS))


def test_a_play_is_opened_and_closed(tmp_path: Path, clock: FakeClock) -> None:
    with proof_at(tmp_path, clock) as (proof, journal):
        play = start(clock, "lease-1")
        assert opened(proof, play) == 1
        assert ready(proof, clock) == ["lease-2"]
        closed(proof, play)
        assert [row.play.id for row in journal.plays()] == [play.id]
        assert proof.troubles.errors == 0
        assert Playhead(tmp_path).read() is None


def test_an_ad_that_the_journal_does_not_know_yet_is_not_shown_again(tmp_path: Path, clock: FakeClock) -> None:
    with proof_at(tmp_path, clock, patience_s=0.2) as (proof, journal):
        journal.full = True
        assert opened(proof, start(clock, "lease-1")) is None
        assert ready(proof, clock) == ["lease-2"]
        proof.fail("lease-2", "plate.corrupt")
        assert ready(proof, clock) == []
        assert proof.troubles.errors >= 1


def test_no_play_is_lost_while_the_journal_fails(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ooh.show")
    with proof_at(tmp_path, clock, patience_s=0.2) as (proof, journal):
        first, second = start(clock, "lease-1"), start(clock, "lease-2")
        opened(proof, first)
        journal.full = True
        closed(proof, first)
        assert opened(proof, second) is None
        closed(proof, second)
        assert list(journal.plays()) == []
        journal.full = False
    with closing(Journal.open(tmp_path, clock, IDENTITY)) as again:
        assert [(row.play.id, row.play.seq, row.play.billable) for row in again.plays()] == [
            (first.id, 1, True),
            (second.id, 2, True),
        ]
    events = [record.getMessage() for record in caplog.records if record.name == "ooh.show"]
    assert events == ["journal.failing", "journal.back"]  # edges, not ticks


def test_a_play_whose_journal_was_replaced_is_written_whole(tmp_path: Path, clock: FakeClock) -> None:
    with proof_at(tmp_path, clock) as (proof, journal):
        play = start(clock, "lease-1")
        opened(proof, play)
        for path in tmp_path.glob("journal.db*"):
            path.unlink()
        closed(proof, play)
        assert proof.opened() == 1  # which waits for the journal, however busy the machine is
        assert [(row.play.id, row.play.end_reason) for row in journal.plays()] == [(play.id, "complete")]


def test_the_playhead_keeps_an_end_that_is_not_written(tmp_path: Path, clock: FakeClock) -> None:
    with proof_at(tmp_path, clock, patience_s=0.2) as (proof, journal):
        play = start(clock, "lease-1")
        opened(proof, play)
        journal.full = True
        closed(proof, play)
        left = Playhead(tmp_path).read()
        assert left is not None
        assert left.play_id == play.id


def test_recovery_reads_the_playhead_of_the_dead(tmp_path: Path, clock: FakeClock) -> None:
    with proof_at(tmp_path, clock) as (proof, journal):
        play = start(clock, "lease-1")
        opened(proof, play)
        clock.advance(4)
        proof.stamp(play, clock.monotonic_ns(), 5, 1)
        proof.recover(SINKS)
        assert proof.opened() == 1  # which waits for all that was to be written before
        (row,) = journal.plays()
        assert (row.play.end_reason, row.play.shown_ms, row.play.frames_presented) == ("crash", 4000, 5)


def test_a_recovery_leaves_the_playhead_to_the_next_play(tmp_path: Path, clock: FakeClock) -> None:
    with proof_at(tmp_path, clock) as (proof, journal):
        opened(proof, start(clock, "lease-1"))
        proof.recover(SINKS)
        assert Playhead(tmp_path).read() is not None, "nobody has waited for the journal yet"
        after = start(clock, "lease-2")
        assert proof.wait(proof.open(after)) == 2
        left = Playhead(tmp_path).read()
        assert left is not None
        assert left.play_id == after.id
        assert [row.play.end_reason for row in journal.plays()].count("crash") == 1


def test_it_works_without_a_playhead(tmp_path: Path, clock: FakeClock) -> None:
    journal = Journal.open(tmp_path, clock, IDENTITY)
    proof = Proof(lambda: journal, None, Clerk(), lookout_at(Folders(tmp_path, tmp_path), clock))
    play = replace(start(clock, "lease-1"), kind="content", lease=None)
    proof.recover(SINKS)
    assert opened(proof, play) == 1
    proof.recover(SINKS)
    assert proof.opened() == 1
    (row,) = journal.plays()
    assert (row.play.end_reason, row.play.shown_ms) == ("crash", None)
    proof.end()


def test_the_key_is_loaded_while_the_first_play_is_on(tmp_path: Path, clock: FakeClock) -> None:
    with proof_at(tmp_path, clock) as (proof, _):
        assert proof.wait(proof.open(start(clock, "1"))) == 1
        proof.end()
        assert (tmp_path / "proof.key").exists()
