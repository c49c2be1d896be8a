"""A play leaves a sink's queue by a receipt, or by being set aside."""

from __future__ import annotations

import pytest

from cache import DeliveryState, Journal, QueueState, Receipt
from tests.cache.shapes import play_once
from tests.fakes import FakeClock


def test_each_sink_has_its_own_state(journal: Journal, clock: FakeClock) -> None:
    play = play_once(journal, clock, sinks=("kinesis", "proof", "kinesis"))
    journal.delivered("kinesis", [Receipt(play.id, "shard-0", "49")])
    assert journal.pending("kinesis", 10) == ()
    assert [queued.play_id for queued in journal.pending("proof", 10)] == [play.id]
    row = next(journal.plays()).deliveries
    assert (row["kinesis"].state, row["kinesis"].shard_id, row["kinesis"].sequence_number) == (
        DeliveryState.DELIVERED,
        "shard-0",
        "49",
    )
    assert row["proof"].state is DeliveryState.PENDING


def test_oldest_first_and_limited(journal: Journal, clock: FakeClock) -> None:
    for _ in range(5):
        play_once(journal, clock)
    assert [queued.seq for queued in journal.pending("kinesis", 3)] == [1, 2, 3]
    assert journal.pending("kinesis", 1)[0].record.startswith(b'{"advertiser_domain":null,')


def test_an_attempt_leaves_it_waiting(journal: Journal, clock: FakeClock) -> None:
    play = play_once(journal, clock)
    journal.attempted("kinesis", [play.id], "throttled")
    journal.attempted("kinesis", [play.id], "throttled")
    assert journal.pending("kinesis", 1)[0].attempts == 2
    assert next(journal.plays()).deliveries["kinesis"].error == "throttled"
    journal.delivered("kinesis", [Receipt(play.id, None, "1")])
    delivered = next(journal.plays()).deliveries["kinesis"]
    assert (delivered.attempts, delivered.error, delivered.shard_id) == (3, None, None)


def test_the_first_receipt_stays(journal: Journal, clock: FakeClock) -> None:
    play = play_once(journal, clock)
    journal.delivered("kinesis", [Receipt(play.id, "a", "1")])
    journal.delivered("kinesis", [Receipt(play.id, "b", "2")])
    journal.attempted("kinesis", [play.id], "late")
    journal.set_aside("kinesis", play.id, "late")
    row = next(journal.plays()).deliveries["kinesis"]
    assert (row.state, row.sequence_number, row.error) == ("DELIVERED", "1", None)


def test_a_receipt_without_a_sequence_number_acknowledges_nothing(journal: Journal, clock: FakeClock) -> None:
    plays = [play_once(journal, clock) for _ in range(2)]
    with pytest.raises(ValueError, match="sequence number"):
        journal.delivered("kinesis", [Receipt(plays[0].id, "a", "1"), Receipt(plays[1].id, "a", "")])
    assert len(journal.pending("kinesis", 10)) == 2


def test_set_aside_leaves_the_queue_not_the_journal(journal: Journal, clock: FakeClock) -> None:
    play = play_once(journal, clock)
    journal.set_aside("kinesis", play.id, "too large")
    assert journal.pending("kinesis", 10) == ()
    assert journal.queue("kinesis") == QueueState(0, 0, 0, 1, None)
    clock.advance(400 * 86_400)
    assert journal.prune(30, 1000).plays == 0


def test_the_queue_says_since_when_the_oldest_waits(journal: Journal, clock: FakeClock) -> None:
    assert journal.queue("kinesis").oldest_pending_at is None
    play_once(journal, clock)
    play_once(journal, clock)
    assert journal.queue("kinesis") == QueueState(2, 0, 0, 0, "2026-11-22T12:00:10.000Z")


def test_receipts_for_unknown_plays_change_nothing(journal: Journal, clock: FakeClock) -> None:
    play_once(journal, clock)
    journal.delivered("kinesis", [Receipt("unknown", "a", "1")])
    journal.delivered("kinesis", [])
    assert journal.queue("kinesis").pending == 1
