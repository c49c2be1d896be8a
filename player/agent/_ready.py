"""Making leases ready: creative fetched, plate made, screen told; and every failure ends in the journal."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cache import Cache, Clock, HeldLease, Journal, Lease, LeaseState
from config import Code, FetchConfig, OohError
from player.agent._ask import WAITING
from player.agent._make import PlateMaker
from player.agent._take_in import NoNetwork, TakeIn, identity
from player.fetch import HttpStream
from renderer.prepare import Resources

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger("ooh.agent")

_KNOWN_URLS = 1_000
_KNOWN_FOR_S = 3_600.0
_OURS = frozenset({Code.JOURNAL_UNAVAILABLE, Code.JOURNAL_CORRUPT, Code.CACHE_UNAVAILABLE, Code.PREPARE_STORAGE})
"""Failures of this machine, not of the ad: the lease stays, the job is tried again."""


@dataclass(slots=True)
class ReadyCounts:
    """For the board."""

    ready: int = 0
    failed: dict[str, int] = field(default_factory=dict)


class KnownCreatives:
    """Which bytes a URL gave lately, so that an ad shown often is fetched once an hour, not once a play."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._lock = threading.Lock()

    def sha256(self, url: str) -> str | None:
        """None when it is not known any more."""
        with self._lock:
            sha256, until_ns = self._known.get(url, ("", 0))
        return sha256 if sha256 and self._clock.monotonic_ns() < until_ns else None

    def learn(self, url: str, sha256: str, for_s: float = _KNOWN_FOR_S) -> None:
        """``url`` gives these bytes for so long; what was known for longer stays so."""
        until_ns = self._clock.monotonic_ns() + round(for_s * 1e9)
        with self._lock:
            before, before_ns = self._known.get(url, ("", 0))
            self._known[url] = (sha256, max(until_ns, before_ns) if before == sha256 else until_ns)
            self._known.move_to_end(url)
            while len(self._known) > _KNOWN_URLS:
                self._known.popitem(last=False)

    def doubt(self, url: str) -> None:
        """These bytes were of no use: look again in an hour at the latest, however long they were to be good."""
        within_ns = self._clock.monotonic_ns() + round(_KNOWN_FOR_S * 1e9)
        with self._lock:
            if url in self._known:
                sha256, until_ns = self._known[url]
                self._known[url] = (sha256, min(until_ns, within_ns))


@dataclass(slots=True)
class Readier:
    """One run makes one lease ready. Several may run at once: one server that hangs must not hold up all ads."""

    journal: Journal
    cache: Cache
    http: HttpStream
    maker: PlateMaker
    limits: FetchConfig
    work: Path
    known: KnownCreatives
    on_ready: Callable[[Lease], None]
    on_failed: Callable[[Lease], None]
    resources: Callable[[], Resources] = NoNetwork
    """The guarded network of one page; a new one for each."""
    counts: ReadyCounts = field(default_factory=ReadyCounts)
    _claimed: dict[str, str] = field(default_factory=dict)
    """Leases that runs work on, with the identities of their creatives."""
    _long: str | None = None
    """The one among them whose creative is a page or a video: these take long, and one run stays free for pictures."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self) -> float | None:
        """Make the next lease ready; 0 when there may be more, None when there is nothing to do."""
        with self._claim() as held:
            if held is None:
                return None
            self._make_ready(held)
            return 0.0

    @contextmanager
    def _claim(self) -> Iterator[HeldLease | None]:
        """The first lease that has no plate for the present geometry and that no other run has taken."""
        with self._lock:
            found = next((held for held in self.journal.held() if self._wants_work(held)), None)
            if found is not None:
                self._claimed[found.lease.lease_id] = identity(found.lease)
                self._long = found.lease.lease_id if self._takes_long(found) else self._long
        try:
            yield found
        finally:
            if found is not None:
                with self._lock:
                    del self._claimed[found.lease.lease_id]
                    self._long = None if self._long == found.lease.lease_id else self._long

    def _wants_work(self, held: HeldLease) -> bool:
        if held.state not in WAITING or held.lease.lease_id in self._claimed:
            return False
        if identity(held.lease) in self._claimed.values():
            return False  # the run that fetches the same creative now comes back for this lease too
        if self._long is not None and self._takes_long(held):
            return False
        if held.state is not LeaseState.PREPARED or held.creative_sha256 is None:
            return True
        return held.plate_key != self.maker.key(held.creative_sha256)

    def _takes_long(self, held: HeldLease) -> bool:
        """As far as it is known yet: a video is one when it was fetched."""
        sha256 = held.creative_sha256
        return held.lease.markup is not None or (sha256 is not None and self.maker.takes_long(sha256))

    def _may_go_on(self, lease: Lease, creative_sha256: str) -> bool:
        """False when this took long beside another that does: the run that makes that one comes back for this lease."""
        with self._lock:
            if not self.maker.takes_long(creative_sha256):
                return True
            self._long = self._long or lease.lease_id
            return self._long == lease.lease_id

    def _make_ready(self, held: HeldLease) -> None:
        lease = held.lease
        try:
            sha256 = self._creative(held)
            if not self._may_go_on(lease, sha256):
                return
            plate = self.maker.plate(sha256)
        except OohError as error:
            if error.code in _OURS:
                raise
            if not self._fall_back(lease, error):
                self._fail(lease, error)
            return
        except Exception as error:
            # The bulkhead of one ad: a bug that it meets must not hold up the next one.
            self._fail(lease, OohError(Code.PROCESS_FAULT, f"{type(error).__name__}: {error}"))
            log.exception("lease.fault", extra={"facts": {"lease": lease.lease_id}})
            return
        self.cache.touch([sha256, plate.plate_sha256])
        if self.journal.prepared(lease.lease_id, plate):
            self.counts.ready += 1
            facts = {"lease": lease.lease_id, "creative": lease.creative_id, "plate": plate.plate_sha256[:12]}
            log.info("lease.ready", extra={"facts": facts})
            self.on_ready(lease)

    def _creative(self, held: HeldLease) -> str:
        """The creative's sha256, once its bytes are in the store."""
        lease = held.lease
        for sha256 in (held.creative_sha256, self.known.sha256(identity(lease))):
            if sha256 is not None and self.cache.store.path(sha256) is not None:
                break
        else:
            sha256 = self._fetch(lease)
        if self.cache.plate(self.maker.key(sha256)) is None:  # else it is PREPARED in a moment, in one transaction
            self.journal.cached(lease.lease_id, sha256)
        return sha256

    def _fetch(self, lease: Lease) -> str:
        sha256 = TakeIn(self.http, self.maker, self.limits, self.work, self.resources).take(lease)
        self.known.learn(identity(lease), sha256)
        return sha256

    def _fall_back(self, lease: Lease, error: OohError) -> bool:
        """What was described as the best file is none: True when there is another, which the next run tries."""
        if not self.journal.fall_back(lease, error.code.code):
            return False
        facts = {"lease": lease.lease_id, "left": len(lease.alternatives)}
        log.warning("lease.fell_back", exc_info=error, extra={"facts": facts})
        return True

    def _fail(self, lease: Lease, error: OohError) -> None:
        self.known.doubt(identity(lease))
        self.journal.fail(lease.lease_id, error.code.code)
        with self._lock:
            self.counts.failed[error.code.code] = self.counts.failed.get(error.code.code, 0) + 1
        facts = {"lease": lease.lease_id, "exchange": lease.exchange, "creative": lease.creative_id}
        log.warning("lease.failed", exc_info=error, extra={"facts": facts})
        self.on_failed(lease)
