"""Delivery in the journal: what waits for a sink, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from cache._clock import rfc3339
from cache._shapes import DeliveryState, QueuedPlay, QueueState, Receipt
from cache._time import from_ms
from cache.journal._part import JournalPart, count, counted


class SinkPart(JournalPart):
    """A play leaves a sink's queue by a receipt or by being set aside, never otherwise."""

    def pending(self, sink: str, limit: int) -> tuple[QueuedPlay, ...]:
        """The plays that wait for a sink, lowest seq first; none that is held for the clock."""
        with self._database.reading() as view:
            rows = view.execute(
                "SELECT plays.id, plays.seq, plays.record, deliveries.attempts FROM deliveries "
                "JOIN plays ON plays.seq = deliveries.seq "
                "WHERE deliveries.sink = ? AND deliveries.state <> 'DELIVERED' AND deliveries.state = 'PENDING' "
                "AND plays.record IS NOT NULL ORDER BY deliveries.seq LIMIT ?",
                (sink, limit),
            ).fetchall()
        return tuple(QueuedPlay(*row) for row in rows)

    def delivered(self, sink: str, receipts: Sequence[Receipt]) -> None:
        """The sink acknowledged these: → DELIVERED, all in one transaction; the first receipt of a play stays.

        Raises ``ValueError`` on a receipt without a sequence number: that acknowledges nothing.
        """
        if not all(receipt.sequence_number for receipt in receipts):
            message = "a receipt without a sequence number"
            raise ValueError(message)
        at_ms = self._now_ms()
        with self._database.writing() as tx:
            changed = tx.executemany(
                "UPDATE deliveries SET state = 'DELIVERED', attempts = attempts + 1, shard_id = ?, "
                "sequence_number = ?, error = NULL, updated_ms = ? "
                "WHERE sink = ? AND seq = (SELECT seq FROM plays WHERE id = ?) AND state <> 'DELIVERED'",
                [(one.shard_id, one.sequence_number, at_ms, sink, one.play_id) for one in receipts],
            ).rowcount
            count(tx, "delivered", sink, max(0, changed))
            self._book_written(tx)

    def attempted(self, sink: str, play_ids: Sequence[str], error: str) -> None:
        """These were sent and not acknowledged; they go on waiting."""
        at_ms = self._now_ms()
        with self._database.writing() as tx:
            tx.executemany(
                "UPDATE deliveries SET attempts = attempts + 1, error = ?, updated_ms = ? "
                "WHERE sink = ? AND seq = (SELECT seq FROM plays WHERE id = ?) AND state = 'PENDING'",
                [(error, at_ms, sink, play_id) for play_id in play_ids],
            )

    def set_aside(self, sink: str, play_id: str, error: str) -> None:
        """The sink will never take this one: it leaves the queue, stays in the journal and is never pruned."""
        with self._database.writing() as tx:
            tx.execute(
                "UPDATE deliveries SET state = 'SET_ASIDE', attempts = attempts + 1, error = ?, updated_ms = ? "
                "WHERE sink = ? AND seq = (SELECT seq FROM plays WHERE id = ?) AND state = 'PENDING'",
                (error, self._now_ms(), sink, play_id),
            )

    def queue(self, sink: str) -> QueueState:
        """Counts by state, and since when the oldest waits (RFC 3339). ``delivered`` counts pruned plays too."""
        with self._database.reading() as view:
            counts = dict(
                view.execute(
                    "SELECT state, COUNT(*) FROM deliveries WHERE sink = ? AND state <> 'DELIVERED' GROUP BY state",
                    (sink,),
                ).fetchall()
            )
            delivered = counted(view, "delivered").get(sink, 0)
            oldest = view.execute(
                "SELECT plays.closed_ms FROM deliveries JOIN plays ON plays.seq = deliveries.seq "
                "WHERE deliveries.sink = ? AND deliveries.state <> 'DELIVERED' AND deliveries.state = 'PENDING' "
                "ORDER BY deliveries.seq LIMIT 1",
                (sink,),
            ).fetchone()
        return QueueState(
            pending=counts.get(DeliveryState.PENDING.value, 0),
            delivered=delivered,
            expired=counts.get(DeliveryState.EXPIRED.value, 0),
            set_aside=counts.get(DeliveryState.SET_ASIDE.value, 0),
            oldest_pending_at=rfc3339(from_ms(oldest[0])) if oldest else None,
        )
