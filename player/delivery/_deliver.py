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
from player.backoff import Backoff
from player.delivery._pace import Pace
from player.delivery._packing import Entry, pack
from player.delivery._patience import SINK_RETRY, Patience
from player.delivery._sink import Refused, Sent, Sink

log = logging.getLogger("ooh.delivery")

MAX_REQUEST_BYTES = 250_000
"""A shard takes 1 MB/s and one screen's plays all go to one shard: a backlog leaves in small bites."""
MAX_REQUEST_PLAYS = 1_000
POISON_BYTES = 16_384
"""A record is 1 to 2 KB. A receiver that finds a smaller one than this too large is set up wrong: the play waits."""
_LEAST_LOOK = 32
_LOOK_SPARE = 1.3


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

    It sends when ``flush_bytes`` wait (entries are filled up to ``fill_bytes``: Kinesis bills 25 KB units), or when
    the first of the waiting plays has waited ``flush_seconds``, measured on the monotonic clock; never faster than
    ``pace``. After a failure it waits by ``backoff``, longer each time until the sink takes something, and never
    gives up. Entries that failed stay in the journal's queue and are the only ones sent again.
    """

    def __init__(
        self,
        journal: Queue,
        sink: Sink,
        *,
        flush_bytes: int,
        flush_seconds: float,
        clock: Clock,
        fill_bytes: int | None = None,
        pace: Pace | None = None,
        backoff: Backoff = SINK_RETRY,
        draw: Callable[[], float] = random.random,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._journal = journal
        self._sink = sink
        self._pace = pace
        cap_bytes = int(pace.bytes_per_s) if pace is not None else MAX_REQUEST_BYTES
        self._whole_bytes = min(fill_bytes or flush_bytes, sink.max_entry_bytes, max(cap_bytes, 1))
        self._flush_bytes = flush_bytes
        self._bite_bytes = min(MAX_REQUEST_BYTES, cap_bytes)
        self._fill_bytes = self._whole_bytes
        """Smaller than ``_whole_bytes`` when the sink said that an entry was too large."""
        self._flush_ns = round(flush_seconds * 1e9)
        self._clock = clock
        self._patience = Patience(sink.name, backoff, clock, draw)
        self._pause = pause or threading.Event().wait
        self._in_flight = threading.Lock()
        self._seen_ns: dict[str, int] = {}
        self._record_bytes = 1_000.0
        """A record's mean length, of those last looked at."""

    @property
    def last_error(self) -> OohError | None:
        """Why the last request failed; None after one that succeeded whole."""
        return self._patience.last_error

    def step(self, *, flush: bool = False) -> Step:
        """Send at most one request. ``flush`` does not wait for bytes or age, but keeps the wait after a failure."""
        with self._in_flight:
            if (held_s := self._patience.wait_s()) > 0:
                return Step(0, 0, 0, held_s)
            queued, more = self._look()
            plays = [play for play in queued if self._fits(play)]
            aside = len(queued) - len(plays)
            for play in queued:
                if not self._fits(play):
                    self._poison(play.play_id, len(play.record), f"more than {self._sink.max_entry_bytes} bytes")
            self._note_ages(plays)
            if not plays:
                return Step(0, 0, aside, 0.0 if more else None)
            entries = self._due(plays, more=more, flush=flush)
            if not entries:
                return Step(0, 0, aside, self._age_left_s(plays))
            if (pace_s := self._pace_s(entries[0].size_bytes)) > 0:
                return Step(0, 0, aside, pace_s)
            delivered, failed, poison = self._send(entries)
            rest = more or delivered + poison < len(plays)
            return Step(delivered, failed, aside + poison, self._next_s() if rest else None)

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

    def _look(self) -> tuple[tuple[QueuedPlay, ...], bool]:
        """The plays to choose from, a little more than one request's, and whether more wait behind them.

        A batch that is sent again has to be found whole: it is one because its plays were tried as often.
        """
        limit = self._look_plays()
        while True:
            queued = self._journal.pending(self._sink.name, limit)
            if queued:
                self._record_bytes = sum(len(play.record) for play in queued) / len(queued)
            if len(queued) < limit:
                return queued, False
            whole_batch = self._sink.packing.keeps_batches and queued[-1].attempts
            wanted = MAX_REQUEST_PLAYS if whole_batch else self._look_plays()
            if wanted <= limit:
                return queued, True
            limit = wanted

    def _look_plays(self) -> int:
        size_bytes = max(self._bite_bytes, self._fill_bytes)
        return min(MAX_REQUEST_PLAYS, max(_LEAST_LOOK, round(_LOOK_SPARE * size_bytes / self._record_bytes)))

    def _fits(self, play: QueuedPlay) -> bool:
        packing = self._sink.packing
        return packing.empty_bytes + packing.added_bytes(len(play.record) + 1) <= self._sink.max_entry_bytes

    def _poison(self, play_id: str, size_bytes: int | None, why: str) -> None:
        error = OohError(Code.DELIVERY_POISON, why if size_bytes is None else f"{size_bytes} bytes; {why}")
        self._journal.set_aside(self._sink.name, play_id, str(error))
        facts = {"sink": self._sink.name, "play": play_id, "size_bytes": size_bytes}
        log.error("delivery.set_aside", exc_info=error, extra={"facts": facts})

    def _due(self, plays: Sequence[QueuedPlay], *, more: bool, flush: bool) -> list[Entry]:
        """The entries to send now, up to one request's size: full ones at any time, a part-filled one by its age."""
        entries = list(pack(self._sink.packing, plays, self._fill_bytes))
        aged = flush or more or self._age_left_s(plays) <= 0
        if more and len(entries) > 1:
            entries.pop()  # what waits behind it fills it
        elif not aged and entries[-1].size_bytes < min(self._flush_bytes, self._fill_bytes):
            entries.pop()
        due: list[Entry] = []
        size = 0
        for entry in entries[: self._sink.max_entries]:
            size += entry.size_bytes
            if due and (size > self._request_bytes() or not self._takes(size, len(due) + 1)):
                break
            due.append(entry)
        return due

    def _request_bytes(self) -> int:
        return self._bite_bytes if self._fill_bytes == self._whole_bytes else self._fill_bytes

    def _note_ages(self, plays: Sequence[QueuedPlay]) -> None:
        """Remember when each waiting play was first seen here: their own times are of a clock that may jump."""
        now_ns = self._clock.monotonic_ns()
        self._seen_ns = {play.play_id: self._seen_ns.get(play.play_id, now_ns) for play in plays}

    def _age_left_s(self, plays: Sequence[QueuedPlay]) -> float:
        return max(0, self._seen_ns[plays[0].play_id] + self._flush_ns - self._clock.monotonic_ns()) / 1e9

    def _pace_s(self, size_bytes: int) -> float:
        return 0.0 if self._pace is None else self._pace.wait_s(size_bytes)

    def _takes(self, size_bytes: int, entries: int) -> bool:
        return self._pace is None or self._pace.takes(size_bytes, entries)

    def _next_s(self) -> float:
        """When there is more to send: after the wait of a failure, and when a full entry is under the cap."""
        return max(self._patience.wait_s(), self._pace_s(self._fill_bytes))

    def _send(self, entries: Sequence[Entry]) -> tuple[int, int, int]:
        """How many plays were delivered, failed, and were set aside."""
        plays = [play_id for entry in entries for play_id in entry.play_ids]
        try:
            sent = self._sink.send(entries)
        except OohError as error:
            if error.code is Code.DELIVERY_TOO_LARGE:
                return self._halve(entries, error)
            self._journal.attempted(self._sink.name, plays, str(error))
            self._patience.failed(error, len(plays))
            return 0, len(plays), 0
        finally:
            if self._pace is not None:
                self._pace.sent(sum(entry.size_bytes for entry in entries), len(entries))
        for each in sent.poison:
            self._poison(each.play_id, None, each.reason)
        delivered, failed = self._book(sent)
        return delivered, failed, len(sent.poison)

    def _halve(self, entries: Sequence[Entry], error: OohError) -> tuple[int, int, int]:
        """The sink takes no request of that size: half of it next time, down to the play that is too large alone."""
        plays = [play_id for entry in entries for play_id in entry.play_ids]
        size_bytes = sum(entry.size_bytes for entry in entries)
        if len(plays) == 1 and size_bytes >= POISON_BYTES:
            self._poison(plays[0], size_bytes, str(error))
            self._fill_bytes = self._whole_bytes
            return 0, 0, 1
        self._journal.attempted(self._sink.name, plays, str(error))
        if len(plays) == 1:
            self._patience.failed(error, 1)
        else:
            self._fill_bytes = max(1, size_bytes // 2)
            log.info("delivery.smaller", extra={"facts": {"sink": self._sink.name, "size_bytes": self._fill_bytes}})
        return 0, len(plays), 0

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
            self._patience.recovered()
            return len(receipts), 0
        if receipts:
            self._patience.progressed()
        first = sent.refused[0]
        reason = f"{first.reason}; {len(sent.refused)} of {len(sent.accepted) + len(sent.refused)} entries"
        self._patience.failed(OohError(first.code, reason), failed)
        return len(receipts), failed

    def _note_refused(self, refused: Sequence[Refused]) -> int:
        """One transaction a reason; returns how many plays it is about."""
        by_reason: dict[str, list[str]] = {}
        for each in refused:
            by_reason.setdefault(f"{each.code.code}: {each.reason}", []).extend(each.entry.play_ids)
        for reason, play_ids in by_reason.items():
            self._journal.attempted(self._sink.name, play_ids, reason)
        return sum(map(len, by_reason.values()))
