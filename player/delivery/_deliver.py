"""Delivery: takes plays from the journal's queue to one sink, and off the queue only on the sink's receipt."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cache import Clock, QueuedPlay, Receipt
from config import Code, OohError
from player.backoff import Backoff, ThrottledError
from player.delivery._aggregate import Entry, added_bytes, overhead_bytes, pack
from player.delivery._sink import Refused, Sent, Sink
from player.schedule import Retry

log = logging.getLogger("ooh.delivery")

MAX_REQUEST_BYTES = 250_000
"""A shard takes 1 MB/s and one screen's plays all go to one shard: a backlog leaves in small bites."""
MAX_REQUEST_PLAYS = 1_000
SINK_RETRY = Backoff(first_s=0.5, cap_s=300.0)


class Queue(Protocol):
    """What delivery uses of the journal."""

    def pending(self, sink: str, limit: int) -> tuple[QueuedPlay, ...]:
        """The oldest first."""

    def delivered(self, sink: str, receipts: Sequence[Receipt]) -> None:
        """Off the queue."""

    def attempted(self, sink: str, play_ids: Sequence[str], error: str) -> None:
        """Still in the queue; one more attempt."""

    def set_aside(self, sink: str, play_id: str, error: str) -> None:
        """Off the queue, kept for people to look at."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did, and when the next is due."""

    delivered: int
    failed: int
    set_aside: int
    wait_s: float | None
    """Seconds until the next step is worth taking; None when nothing waits."""


class Delivery:
    """One sink's worker. One request is in flight at a time, whoever calls.

    It sends when ``flush_bytes`` wait (aggregates are filled up to that: Kinesis bills 25 KB units), or when the
    first of the waiting plays has waited ``flush_seconds``, measured on the monotonic clock. After a failure it
    waits by ``backoff``, longer each time until the sink takes something. Entries that failed stay in the journal's
    queue and are the only ones sent again.
    """

    def __init__(
        self,
        journal: Queue,
        sink: Sink,
        *,
        flush_bytes: int,
        flush_seconds: float,
        clock: Clock,
        backoff: Backoff = SINK_RETRY,
        draw: Callable[[], float] = random.random,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._journal = journal
        self._sink = sink
        self._fill_bytes = min(flush_bytes, sink.max_entry_bytes)
        self._flush_ns = round(flush_seconds * 1e9)
        self._clock = clock
        self._retry = Retry(backoff, clock, draw)
        self._pause = pause or threading.Event().wait
        self._in_flight = threading.Lock()
        self._seen_ns: dict[str, int] = {}
        self.last_error: OohError | None = None
        """Why the last request failed; None after one that succeeded whole."""

    def step(self, *, flush: bool = False) -> Step:
        """Send at most one request. ``flush`` does not wait for bytes or age, but keeps the wait after a failure."""
        with self._in_flight:
            if (held_s := self._retry.wait_s()) > 0:
                return Step(0, 0, 0, held_s)
            queued = self._journal.pending(self._sink.name, MAX_REQUEST_PLAYS)
            plays = [play for play in queued if self._fits(play)]
            set_aside = len(queued) - len(plays)
            for play in queued:
                if not self._fits(play):
                    self._poison(play)
            self._note_ages(plays)
            if not plays:
                return Step(0, 0, set_aside, None)
            entries = self._due(plays, flush=flush)
            if not entries:
                return Step(0, 0, set_aside, self._age_left_s(plays))
            delivered, failed = self._send(entries)
            rest = delivered + failed < len(plays) or len(queued) == MAX_REQUEST_PLAYS
            return Step(delivered, failed, set_aside, self._retry.wait_s() if failed or rest else None)

    def drain(self, timeout_s: float) -> bool:
        """Send all that waits, now, for at most ``timeout_s``; True when nothing is left in the queue."""
        end_ns = self._clock.monotonic_ns() + round(timeout_s * 1e9)
        while True:
            wait_s = self.step(flush=True).wait_s
            if wait_s is None:
                return True
            left_s = (end_ns - self._clock.monotonic_ns()) / 1e9
            if left_s <= 0:
                return False
            self._pause(min(wait_s, left_s))

    def _fits(self, play: QueuedPlay) -> bool:
        newline = 1
        alone = overhead_bytes(self._sink.partition_key) + added_bytes(len(play.record) + newline)
        return alone <= self._sink.max_entry_bytes

    def _poison(self, play: QueuedPlay) -> None:
        error = OohError(Code.DELIVERY_POISON, f"play {play.play_id}: {len(play.record)} bytes")
        self._journal.set_aside(self._sink.name, play.play_id, str(error))
        log.error("delivery.set_aside", exc_info=error, extra={"facts": {"sink": self._sink.name}})

    def _due(self, plays: Sequence[QueuedPlay], *, flush: bool) -> list[Entry]:
        """The entries to send now, up to one request's size: full ones at any time, a part-filled one by its age."""
        entries = list(pack(self._sink.partition_key, plays, self._fill_bytes))
        aged = flush or self._age_left_s(plays) <= 0
        if not aged and len(entries[-1].data) < self._fill_bytes and len(plays) < MAX_REQUEST_PLAYS:
            entries.pop()
        due: list[Entry] = []
        size = 0
        for entry in entries:
            size += len(entry.data)
            if due and size > MAX_REQUEST_BYTES:
                break
            due.append(entry)
        return due

    def _note_ages(self, plays: Sequence[QueuedPlay]) -> None:
        """Remember when each waiting play was first seen here: their own times are of a clock that may jump."""
        now_ns = self._clock.monotonic_ns()
        self._seen_ns = {play.play_id: self._seen_ns.get(play.play_id, now_ns) for play in plays}

    def _age_left_s(self, plays: Sequence[QueuedPlay]) -> float:
        return max(0, self._seen_ns[plays[0].play_id] + self._flush_ns - self._clock.monotonic_ns()) / 1e9

    def _send(self, entries: Sequence[Entry]) -> tuple[int, int]:
        plays = [play_id for entry in entries for play_id in entry.play_ids]
        try:
            sent = self._sink.send(entries)
        except OohError as error:
            self._journal.attempted(self._sink.name, plays, str(error))
            self._failed(error, len(plays))
            return 0, len(plays)
        return self._book(sent)

    def _book(self, sent: Sent) -> tuple[int, int]:
        receipts = [
            Receipt(play_id, each.shard_id, each.sequence_number)
            for each in sent.accepted
            for play_id in each.entry.play_ids
        ]
        if receipts:
            self._journal.delivered(self._sink.name, receipts)
        failed = self._note_refused(sent.refused)
        if not sent.refused:
            self._recovered()
            return len(receipts), 0
        if receipts:
            self._retry.succeeded()  # a hot shard refuses a part of every request, and the backlog moves all the same
        first = sent.refused[0]
        reason = f"{first.reason}; {len(sent.refused)} of {len(sent.accepted) + len(sent.refused)} entries"
        self._failed(OohError(first.code, reason), failed)
        return len(receipts), failed

    def _note_refused(self, refused: Sequence[Refused]) -> int:
        """One transaction a reason; returns how many plays it is about."""
        by_reason: dict[str, list[str]] = {}
        for each in refused:
            by_reason.setdefault(f"{each.code.code}: {each.reason}", []).extend(each.entry.play_ids)
        for reason, play_ids in by_reason.items():
            self._journal.attempted(self._sink.name, play_ids, reason)
        return sum(map(len, by_reason.values()))

    def _failed(self, error: OohError, plays: int) -> None:
        wait_s = self._retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        facts = {"sink": self._sink.name, "plays": plays, "again_in_s": round(wait_s, 1), "misses": self._retry.misses}
        # The edge is a warning; the repeats of a long outage are for those who look for them.
        edge = self.last_error is None or self.last_error.code is not error.code
        log.log(logging.WARNING if edge else logging.DEBUG, "delivery.failed", exc_info=error, extra={"facts": facts})
        self.last_error = error

    def _recovered(self) -> None:
        self.last_error = None
        if self._retry.succeeded():
            log.info("delivery.recovered", extra={"facts": {"sink": self._sink.name}})
