"""When delivery sends, what it sends again, and what it never does."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Code, OohError
from player.backoff import Backoff, ThrottledError
from player.delivery import Accepted, Aggregates, Delivery, Entry, Packing, Refused, Sent, encode
from player.delivery._deliver import MAX_REQUEST_BYTES
from tests.fakes import FakeClock
from tests.player.delivery.waiting import MemoryQueue


@dataclass
class FakeSink:
    """Takes what its ``mood`` lets it: a function of an entry's number."""

    name: str = "kinesis"
    packing: Packing = field(default_factory=lambda: Aggregates("screen-1"))
    max_entry_bytes: int = 1_048_000
    max_entries: int = 500
    requests: list[tuple[Entry, ...]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    moods: list[object] = field(default_factory=list)
    """One a request: an OohError to raise, a set of entry numbers to refuse, or None."""

    def send(self, entries: Sequence[Entry]) -> Sent:
        self.requests.append(tuple(entries))
        mood = self.moods.pop(0) if self.moods else None
        if isinstance(mood, OohError):
            raise mood
        refuse = mood if isinstance(mood, set) else set()
        accepted, refused = [], []
        for number, entry in enumerate(entries):
            if number in refuse:
                refused.append(Refused(entry, Code.DELIVERY_THROTTLED, "ProvisionedThroughputExceededException"))
            else:
                self.taken.extend(entry.play_ids)
                accepted.append(Accepted(entry, "shard-0", str(len(self.taken))))
        return Sent(tuple(accepted), tuple(refused))


def delivery(queue: MemoryQueue, sink: FakeSink, clock: FakeClock, fill_bytes: int = 2_000) -> Delivery:
    return Delivery(
        queue,
        sink,
        flush_bytes=fill_bytes,
        flush_seconds=60,
        clock=clock,
        backoff=Backoff(first_s=2, cap_s=60),
        draw=lambda: 0.0,
        pause=clock.advance,
    )


def test_waits_for_bytes_or_age(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink()
    worker = delivery(queue, sink, clock)
    assert worker.step().wait_s is None
    queue.add(2)
    assert worker.step().wait_s == 60
    clock.advance(25)
    assert worker.step().wait_s == 35
    assert not sink.requests
    clock.advance(35)
    step = worker.step()
    assert (step.delivered, step.wait_s) == (2, None)
    assert not queue.plays


def test_full_aggregates_go_at_once_and_the_rest_keeps_its_age(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink()
    worker = delivery(queue, sink, clock)
    queue.add(1)
    worker.step()
    clock.advance(10)
    queue.add(5)
    assert worker.step().delivered == 4
    assert [play.seq for play in queue.plays] == [5, 6]
    assert worker.step().wait_s == 60, "plays 5 and 6 were first seen just now"
    clock.advance(59)
    assert worker.step().delivered == 0
    clock.advance(1)
    assert worker.step().delivered == 2


def test_a_jump_of_the_wall_clock_changes_nothing(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink()
    worker = delivery(queue, sink, clock)
    queue.add(1)
    worker.step()
    clock.jump(-90 * 86_400)
    assert worker.step().wait_s == 60
    clock.jump(180 * 86_400)
    assert worker.step().wait_s == 60


def test_only_entries_that_failed_are_sent_again(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink(moods=[{1, 3}])
    worker = delivery(queue, sink, clock)
    queue.add(20)  # 4 to an aggregate
    step = worker.step(flush=True)
    assert (step.delivered, step.failed, step.wait_s) == (12, 8, 2)
    assert worker.step(flush=True).wait_s == 2, "a failure is waited for, even when flushing"
    clock.advance(2)
    assert worker.step(flush=True).delivered == 8
    assert sorted(sink.taken) == sorted(queue.receipts)
    assert len(sink.taken) == len(set(sink.taken)) == 20
    again = [play_id for entry in sink.requests[1] for play_id in entry.play_ids]
    assert again == [play_id for number in (1, 3) for play_id in sink.requests[0][number].play_ids]


def test_a_failed_request_leaves_all_in_the_queue_and_backs_off(clock: FakeClock) -> None:
    down = OohError(Code.DELIVERY_UNAVAILABLE, "connection refused")
    queue, sink = MemoryQueue(), FakeSink(moods=[down, down, down])
    worker = delivery(queue, sink, clock)
    queue.add(3)
    waits = []
    for _ in range(3):
        wait_s = worker.step(flush=True).wait_s
        assert wait_s is not None
        waits.append(wait_s)
        clock.advance(wait_s)
    assert waits == [2, 4, 8]
    assert worker.last_error is down
    assert {play.attempts for play in queue.plays} == {3}
    assert worker.step(flush=True).delivered == 3
    assert worker.last_error is None


def test_a_stream_that_takes_some_is_not_left_alone_for_longer_and_longer(clock: FakeClock) -> None:
    """A hot shard refuses a part of every request: each brings the backlog forward, so the first wait is enough."""
    nothing, all_but_one = set(range(99)), set(range(1, 99))
    queue, sink = MemoryQueue(), FakeSink(moods=[*[all_but_one] * 3, nothing, nothing, all_but_one])
    worker = delivery(queue, sink, clock)
    queue.add(80)  # 4 to an aggregate
    waits = []
    for _ in range(6):
        wait_s = worker.step(flush=True).wait_s
        assert wait_s is not None
        waits.append(wait_s)
        clock.advance(wait_s)
    assert waits == [2, 2, 2, 4, 8, 2]
    assert worker.step(flush=True).wait_s is None


def test_while_it_waits_after_a_failure_the_journal_is_left_alone(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink(moods=[OohError(Code.DELIVERY_UNAVAILABLE, "down")])
    worker = delivery(queue, sink, clock)
    queue.add(1)
    worker.step(flush=True)
    looked = queue.looked
    assert worker.step(flush=True).wait_s == 2
    assert queue.looked == looked


def test_the_entries_refused_for_one_reason_are_noted_in_one_go(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink(moods=[{0, 1, 2}])
    queue.add(20)
    delivery(queue, sink, clock).step(flush=True)
    assert queue.notes == 1
    assert [play.attempts for play in queue.plays] == [1] * 12


def test_retry_after_is_obeyed(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink(moods=[ThrottledError(Code.DELIVERY_THROTTLED, "429", 30)])
    worker = delivery(queue, sink, clock)
    queue.add(1)
    assert worker.step(flush=True).wait_s == 32


def test_a_record_too_large_is_set_aside_and_the_rest_goes_on(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queue, sink = MemoryQueue(), FakeSink(max_entry_bytes=5_000)
    worker = delivery(queue, sink, clock)
    queue.add(1)
    queue.add(1, size_bytes=6_000)
    queue.add(1)
    step = worker.step(flush=True)
    assert (step.delivered, step.set_aside) == (2, 1)
    assert list(queue.aside) == ["play-2"]
    assert queue.aside["play-2"].startswith("delivery.poison")
    assert "delivery.set_aside" in caplog.messages


@pytest.mark.parametrize("size_bytes", range(4_940, 5_000))
def test_no_entry_is_ever_larger_than_the_sink_takes(clock: FakeClock, size_bytes: int) -> None:
    queue, sink = MemoryQueue(), FakeSink(max_entry_bytes=5_000)
    queue.add(1, size_bytes=size_bytes)
    delivery(queue, sink, clock, fill_bytes=9_000).step(flush=True)
    assert all(len(entry.data) <= 5_000 for request in sink.requests for entry in request)
    assert len(queue.aside) + len(sink.taken) == 1
    fits = (
        len(encode("screen-1", [b"x" * (size_bytes + 1)])) + len("screen-1") <= 5_000
    )  # data and key, as Kinesis counts
    assert bool(sink.taken) is fits


def test_a_backlog_leaves_in_small_bites(clock: FakeClock) -> None:
    queue, sink = MemoryQueue(), FakeSink()
    worker = delivery(queue, sink, clock, fill_bytes=25_000)
    queue.add(3_000, size_bytes=1_500)
    assert worker.drain(600)
    assert [play.split("-")[1] for play in sink.taken] == [str(number) for number in range(1, 3_001)]
    assert max(sum(len(entry.data) for entry in request) for request in sink.requests) <= MAX_REQUEST_BYTES
    units = sum(-(-len(entry.data) // 25_600) for request in sink.requests for entry in request)
    assert units == sum(len(request) for request in sink.requests), "every aggregate is one billed unit"


def test_drain_gives_up_in_time(clock: FakeClock) -> None:
    down = OohError(Code.DELIVERY_UNAVAILABLE, "connection refused")
    queue, sink = MemoryQueue(), FakeSink(moods=[down] * 50)
    queue.add(1)
    before = clock.monotonic_ns()
    assert not delivery(queue, sink, clock).drain(20)
    assert (clock.monotonic_ns() - before) / 1e9 == 20
    assert queue.plays


def test_drain_of_an_empty_queue_is_done(clock: FakeClock) -> None:
    assert delivery(MemoryQueue(), FakeSink(), clock).drain(0)


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 120))
def test_whatever_fails_everything_arrives_once(seed: int, count: int) -> None:
    dice = random.Random(seed)
    clock, queue, sink = FakeClock(), MemoryQueue(), FakeSink()
    for _ in range(30):
        sink.moods.append(
            dice.choice(
                [None, OohError(Code.DELIVERY_UNAVAILABLE, "down"), {n for n in range(40) if dice.random() < 0.5}]
            )
        )
    worker = delivery(queue, sink, clock)
    for _ in range(count):
        queue.add(1, size_bytes=dice.randrange(50, 1_800))
        worker.step()
        clock.advance(dice.random() * 10)
    assert worker.drain(100_000)
    assert sorted(sink.taken) == sorted(queue.receipts)
    assert len(sink.taken) == count
