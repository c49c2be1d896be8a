"""The pace: in no second, wherever it begins, more than the cap arrives."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from config import Code, OohError
from player.backoff import Backoff
from player.delivery import Accepted, Aggregates, Delivery, Entry, Pace, Packing, Sent
from tests.fakes import FakeClock
from tests.player.delivery.waiting import MemoryQueue

SECOND_NS = 1_000_000_000


@dataclass
class SlowSink:
    """Notes when each request arrived; the way there and back takes as long as chance has it."""

    clock: FakeClock
    dice: random.Random
    name: str = "kinesis"
    packing: Packing = field(default_factory=lambda: Aggregates("screen-1"))
    max_entry_bytes: int = 1_048_576
    max_entries: int = 500
    arrived: list[tuple[int, int, int]] = field(default_factory=list)
    """When, bytes, entries."""
    taken: list[str] = field(default_factory=list)

    def send(self, entries: Sequence[Entry]) -> Sent:
        self.clock.advance(self.dice.random() * 0.4)
        size = sum(len(entry.data) + len("screen-1") for entry in entries)
        self.arrived.append((self.clock.monotonic_ns(), size, len(entries)))
        self.taken += [play_id for entry in entries for play_id in entry.play_ids]
        self.clock.advance(self.dice.random() * 0.4)
        return Sent(tuple(Accepted(entry, "shard-0", "1") for entry in entries), ())


def most_in_a_second(arrived: list[tuple[int, int, int]]) -> tuple[int, int]:
    """The most bytes and entries that arrived in any second."""
    most_bytes = most_entries = 0
    for at, _, _ in arrived:
        within = [each for each in arrived if at <= each[0] < at + SECOND_NS]
        most_bytes = max(most_bytes, sum(each[1] for each in within))
        most_entries = max(most_entries, sum(each[2] for each in within))
    return most_bytes, most_entries


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([5_000, 25_000, 50_000, 120_000]), st.sampled_from([1, 3, 50]))
def test_no_second_has_more_than_the_cap(seed: int, cap_bytes: int, cap_entries: int) -> None:
    clock = FakeClock()
    queue, sink = MemoryQueue(), SlowSink(clock, random.Random(seed))
    queue.add(600, size_bytes=700)
    worker = Delivery(
        queue,
        sink,
        flush_bytes=25_000,
        flush_seconds=60,
        clock=clock,
        pace=Pace(clock, cap_bytes, cap_entries),
        pause=clock.advance,
    )
    began_ns = clock.monotonic_ns()
    assert worker.drain(3_600)
    assert sink.taken == [f"play-{number}" for number in range(1, 601)], "in order"
    most_bytes, most_entries = most_in_a_second(sink.arrived)
    assert most_bytes <= cap_bytes
    assert most_entries <= cap_entries
    seconds = (clock.monotonic_ns() - began_ns) / SECOND_NS
    filled = min(cap_bytes, cap_entries * min(25_000, cap_bytes))
    assert seconds < 4.5 * 420_000 / filled + 5, "the cap is used, not only kept"


def test_an_entry_larger_than_the_cap_goes_alone_and_takes_its_time(clock: FakeClock) -> None:
    pace = Pace(clock, 10_000, 50)
    assert pace.wait_s(40_000) == 0
    pace.sent(40_000, 1)
    assert pace.wait_s(1) == 4
    clock.advance(3)
    assert pace.wait_s(9_999) == 1
    clock.advance(1)
    assert pace.wait_s(40_000) == 0


def test_small_entries_are_capped_by_number(clock: FakeClock) -> None:
    pace = Pace(clock, 10_000, 2)
    pace.sent(100, 1)
    clock.advance(0.5)
    pace.sent(100, 1)
    assert pace.wait_s(100) == 0.5
    assert pace.wait_s(100, 2) == 1.0


def test_no_credit_is_saved_up(clock: FakeClock) -> None:
    pace = Pace(clock, 10_000, 50)
    clock.advance(3_600)
    pace.sent(10_000, 1)
    assert pace.wait_s(10_000) == 1


def test_a_failed_request_counts_too(clock: FakeClock) -> None:
    """Its entries may have arrived."""

    class Lost(SlowSink):
        def send(self, entries: Sequence[Entry]) -> Sent:
            super().send(entries)
            raise OohError(Code.DELIVERY_UNAVAILABLE, "lost")

    queue, sink = MemoryQueue(), Lost(clock, random.Random(1))
    queue.add(20)
    worker = Delivery(
        queue,
        sink,
        flush_bytes=2_000,
        flush_seconds=60,
        clock=clock,
        pace=Pace(clock, 2_000, 50),
        backoff=Backoff(0.001, 0.001),
        draw=lambda: 0.0,
        pause=clock.advance,
    )
    worker.drain(10)
    assert len(sink.arrived) > 3
    assert most_in_a_second(sink.arrived)[0] <= 2_000
