"""Settling: a lease that ended waits here until its dialect has said what to call, and the calls are queued."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cache._shapes import Beacon, Lease, LeaseState, Play
from cache.journal._beacons import queue_beacons
from cache.journal._part import JournalPart
from cache.journal._shapes import Unsettled


class SettlingPart(JournalPart):
    """Nothing is lost between the end of a lease and the first call, nothing is queued twice."""

    def unsettled(self, limit: int) -> tuple[Unsettled, ...]:
        """Leases that ended and are not settled, in order of offer.

        The play of one that is held has no hash yet: exchanges are told at once, their windows are minutes.
        """
        with self._database.reading() as view:
            rows = view.execute(
                "SELECT leases.body, leases.state, json_extract(leases.history, '$[#-1][2]'), "
                "COALESCE(plays.record, plays.held) FROM leases LEFT JOIN plays ON plays.seq = leases.seq "
                "WHERE leases.unsettled = 1 ORDER BY leases.place LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(
            Unsettled(
                msgspec.json.decode(body, type=Lease),
                LeaseState(state),
                reason or "",
                None if record is None else msgspec.json.decode(record, type=Play),
            )
            for body, state, reason, record in rows
        )

    def settle(self, lease_id: str, beacons: Sequence[Beacon]) -> bool:
        """Queue its calls and mark it, in one transaction. False, and nothing queued, when that was done before."""
        with self._database.writing() as tx:
            row = tx.execute(
                "UPDATE leases SET unsettled = 0, body = NULL WHERE lease_id = ? AND unsettled = 1 RETURNING seq",
                (lease_id,),
            ).fetchone()
            if row is None:
                return False
            queue_beacons(tx, self._clock, lease_id, "released" if row[0] is None else "shown", beacons)
            return True
