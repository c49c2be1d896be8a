"""Settling leases: what became of them is told to their dialects, and what those want called is queued."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from cache import Beacon, Journal, LeaseState, Unsettled
from player.exchange import Dialect

log = logging.getLogger("ooh.agent")

_AT_ONCE = 100
_NO_RECORD = "play.without_record"


@dataclass(frozen=True, slots=True)
class Settler:
    """One run settles all that ended. The journal keeps what a crash leaves over."""

    journal: Journal
    dialect: Callable[[str], Dialect]
    """By ``Lease.dialect``. Raises ``OohError`` (EXCHANGE_DIALECT) when nobody speaks it here any more."""

    def step(self) -> int:
        """Returns how many were settled. Raises ``OohError`` (JOURNAL_UNAVAILABLE)."""
        settled = 0
        while ended := self.journal.unsettled(_AT_ONCE):
            for one in ended:
                settled += self.journal.settle(one.lease.lease_id, self._beacons(one))
        return settled

    def _beacons(self, ended: Unsettled) -> tuple[Beacon, ...]:
        lease = ended.lease
        try:
            dialect = self.dialect(lease.dialect)
            if ended.play is not None:
                return dialect.shown(lease, ended.play)
            reason = ended.reason if ended.state is not LeaseState.PLAYED else _NO_RECORD
            return dialect.release(lease, reason)
        except Exception:
            # Another's code may be at fault; one lease that cannot be told must not hold up all others for ever.
            log.exception("lease.not_settled", extra={"facts": {"lease": lease.lease_id, "dialect": lease.dialect}})
            return ()
