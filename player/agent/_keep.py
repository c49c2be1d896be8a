"""Keeping house: leases that ran out go back, the store stays in its budget, the journal stays small."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from cache import Cache, Clock, Journal, Lease
from config import Code, ProofConfig

log = logging.getLogger("ooh.agent")

EXPIRY_S = 10.0
TIDY_S = 600.0
_CLOCK_SET_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Two jobs: ``expire`` often, which also looks after plays that wait for the clock, and ``tidy`` seldom."""

    journal: Journal
    cache: Cache
    clock: Clock
    proof: ProofConfig
    on_expired: Callable[[Lease], None] = lambda _lease: None
    on_finished: Callable[[], None] = lambda: None
    """Plays that were held may be delivered now."""

    def expire(self) -> float:
        """Release leases whose window has closed; returns the seconds until the next look."""
        if self.journal.finish_held():
            self.on_finished()
        now = self.clock.now()
        # Leases begin when they are offered: one of the future tells of a clock that was set back, by a year perhaps.
        # Until then it could be neither shown nor expire, and would keep others from being asked for.
        ahead = [held.lease for held in self.journal.held() if held.lease.not_before > now + _CLOCK_SET_BACK]
        for lease in (*self.journal.expired(now), *ahead):
            if self.journal.release(lease.lease_id, Code.LEASE_EXPIRED.code):
                facts = {"lease": lease.lease_id, "exchange": lease.exchange, "code": Code.LEASE_EXPIRED.code}
                log.warning("lease.released", extra={"facts": facts})
                self.on_expired(lease)
        return EXPIRY_S

    def release_all(self, reason: str) -> int:
        """Give back every lease that the screen has not begun to show; returns how many."""
        released = 0
        for held in self.journal.held():
            if self.journal.release(held.lease.lease_id, reason):
                released += 1
        if released:
            log.info("leases.released", extra={"facts": {"leases": released, "reason": reason}})
        return released

    def tidy(self) -> float:
        """Evict and prune; returns the seconds until the next time."""
        self.make_room()
        pruned = self.journal.prune(self.proof.keep_days, self.proof.keep_plays, self.proof.keep_bytes)
        if pruned.plays or pruned.leases:
            log.info("journal.pruned", extra={"facts": {"plays": pruned.plays, "leases": pruned.leases}})
        return TIDY_S

    def make_room(self) -> None:
        """Evict what no lease needs, when the store is over its budget."""
        evicted = self.cache.evict(set(self._needed()))
        if evicted.removed:
            log.info("cache.evicted", extra={"facts": {"files": evicted.removed, "bytes": evicted.freed_bytes}})

    def _needed(self) -> Iterator[str]:
        for held in self.journal.held():
            for sha256 in (held.creative_sha256, held.plate_sha256):
                if sha256 is not None:
                    yield sha256
