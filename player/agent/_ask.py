"""Asking for ads: keeps enough leases ahead of the screen, from the exchanges in their order (a waterfall)."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cache import Beacon, Clock, Journal, Lease, LeaseState, ScreenHours
from config import Code, Config, OohError, Size, SlotConfig
from player._mimes import shown_mimes
from player.agent._circuit import Circuit
from player.agent._lane import Lane, Tally
from player.exchange import Advert, Answer, Exchange, NoFill, Opportunity, RefusedError, Rules, find_dialect

log = logging.getLogger("ooh.agent")

WAITING = (LeaseState.OFFERED, LeaseState.CACHED, LeaseState.PREPARED)
PATIENCE_S = 1.0
"""How long an exchange has the first word over those after it; one that takes longer holds up nobody."""
_SOON = timedelta(minutes=1)
_OPENING = timedelta(minutes=5)
"""So long before the screen is turned on, its first ads are asked for."""


@dataclass(slots=True)
class Asker:
    """Each exchange has a lane: a job of its own, so that a slow one delays no other.

    A lane asks when leases are wanted and every exchange before it has nothing now: no ad, an outage, or no answer
    within ``PATIENCE_S``. Leases that are being asked for count as held, so that two do not ask for the same slot.
    """

    journal: Journal
    clock: Clock
    config: Config
    exchanges: Sequence[Exchange]
    """In the order of ``config.exchange``'s tables with a URL."""
    screen: Callable[[], Size]
    notify: Callable[[Iterable[Beacon]], None]
    on_offer: Callable[[], None]
    """Called when there is a new lease to make ready."""
    on_answer: Callable[[], None] = lambda: None
    """Called after every answer: the other lanes look again."""
    draw: Callable[[], float] = random.random
    _lanes: list[Lane] = field(init=False)
    _rules: Rules = field(init=False)
    _hours: ScreenHours = field(init=False)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _played: int = 0

    def __post_init__(self) -> None:
        self._rules = Rules.of(self.config.ads)
        self._hours = ScreenHours(self.config.screen, self.clock)
        circuits: dict[str, Circuit] = {}
        self._lanes = []
        tables = [table for table in self.config.exchange if table.url]
        for exchange, table in zip(self.exchanges, tables, strict=True):
            host = urlsplit(table.url).netloc.lower()
            circuit = circuits.setdefault(host, Circuit(host, self.clock, self.draw))
            self._lanes.append(Lane(exchange, table, circuit, self.clock, self.draw))

    @property
    def lanes(self) -> tuple[str, ...]:
        """The names of their jobs, in the order of the waterfall."""
        return lane_names(self.config)

    def step(self, place: int) -> float | None:
        """Ask the exchange at this place, if that is wanted now; returns the seconds until it is worth a look again,
        0 when it offered a lease, None when nothing is wanted.
        """
        lane = self._lanes[place]
        with self._turn:
            opportunity, wait_s = self._wanted(place)
            if opportunity is None:
                return wait_s
            lane.begin()
        try:
            answer: Answer | OohError = lane.exchange.ask(opportunity)
        except OohError as error:
            answer = error
        except BaseException:
            with self._turn:
                lane.end(OohError(Code.PROCESS_FAULT))
            raise
        try:
            return self._answered(lane, answer)
        finally:
            self.on_answer()

    def tallies(self) -> dict[str, Tally]:
        """By exchange."""
        return {lane.name: lane.tally for lane in self._lanes}

    def circuits_open(self) -> tuple[str, ...]:
        """The exchanges whose host is held to be down."""
        return tuple(lane.name for lane in self._lanes if lane.circuit.open)

    def unshown(self, exchange: str) -> None:
        """One of its leases ran out: as long as nothing is played, no more than one is held."""
        for lane in self._named(exchange):
            lane.cautious = True

    def spoiled(self, exchange: str) -> None:
        """One of its leases could not be made ready."""
        for lane in self._named(exchange):
            lane.spoiled()

    def sound(self, exchange: str) -> None:
        """One of its leases is ready."""
        for lane in self._named(exchange):
            lane.sound()

    def _wanted(self, place: int) -> tuple[Opportunity | None, float | None]:
        """What this lane is to ask for; or None, and when to look again."""
        lane = self._lanes[place]
        if lane.asked_ns is not None:
            return None, PATIENCE_S
        now = self.clock.now()
        opens = self._opens(now)
        if opens is None:
            return None, None
        running = self._running(opens, opens + _SOON)
        ads = [slot for slot in running if slot.kind == "ad"]
        if not ads:
            return None, None
        self._note_plays()
        # The other slots of the loop come between the ads.
        share = sum(slot.seconds for slot in ads) / sum(slot.seconds for slot in running)
        slot_ms = round(ads[0].seconds * 1000)
        coming = [held.lease.duration_ms for held in self.journal.held() if held.state in WAITING]
        coming += [slot_ms for other in self._lanes if other.asked_ns is not None and not other.slow(PATIENCE_S)]
        show_in_ms = round(sum(coming) / share + (opens - now) / timedelta(milliseconds=1))
        if not self._hours.on_at(now + timedelta(milliseconds=show_in_ms + slot_ms)):
            return None, None  # the screen is dark before it could be shown whole
        if not self._hungry(lane, coming, round(slot_ms / share), show_in_ms + slot_ms):
            return None, None
        wait_s = max(lane.wait_s(), self._politeness_s(place, coming, round(slot_ms / share), show_in_ms + slot_ms))
        if wait_s > 0:
            return None, wait_s
        opportunity = Opportunity(
            screen=self.screen(),
            duration_ms=slot_ms,
            show_in_ms=show_in_ms,
            mimes=shown_mimes(),
            rules=self._rules,
        )
        return opportunity, None

    def _hungry(self, lane: Lane, coming: Sequence[int], ads_ms: int, ends_in_ms: int) -> bool:
        """Never more than will be shown: within its window, and before the ad slots' daypart ends."""
        if not coming:
            return True
        if len(coming) >= lane.depth(ads_ms) or ends_in_ms >= lane.hold_ms:
            return False
        now = self.clock.now()
        if not self._ads_run(now):
            return True  # their daypart is about to begin
        return self._ads_run(now + timedelta(milliseconds=ends_in_ms))

    def _opens(self, now: datetime) -> datetime | None:
        """From when on there is something to ask for: now while the screen is on, and its opening when that is near."""
        if self._hours.on():
            return now
        return self._hours.next_edge(now) if self._hours.on_at(now + _OPENING) else None

    def _ads_run(self, at: datetime) -> bool:
        return any(slot.kind == "ad" for slot in self._running(at))

    def _politeness_s(self, place: int, coming: Sequence[int], ads_ms: int, ends_in_ms: int) -> float:
        """How long to leave the first word to the exchanges before this one."""
        waits = [0.0]
        for before in self._lanes[:place]:
            if before.wait_s() > 0 or not self._hungry(before, coming, ads_ms, ends_in_ms):
                continue
            waits.append(0.0 if before.slow(PATIENCE_S) else PATIENCE_S)
        return max(waits)

    def _running(self, *times: datetime) -> list[SlotConfig]:
        """The loop's slots whose daypart is at one of these times, by the screen's own time of day."""
        zone = ZoneInfo(self.config.screen.timezone) if self.config.screen.timezone else None
        local = [at.astimezone(zone) for at in times]
        return [slot for slot in self.config.loop if any(slot.runs(at) for at in local)]

    def _note_plays(self) -> None:
        """A play shows that leases are shown again."""
        played = self.journal.lease_counts()[LeaseState.PLAYED]
        if played != self._played:
            for lane in self._lanes:
                lane.cautious = False
        self._played = played

    def _named(self, exchange: str) -> Iterator[Lane]:
        with self._turn:
            yield from (lane for lane in self._lanes if lane.name == exchange)

    def _answered(self, lane: Lane, answer: Answer | OohError) -> float | None:
        if isinstance(answer, OohError):
            if isinstance(answer, RefusedError):
                self.notify(answer.notices)
            with self._turn:
                lane.tally.refused += isinstance(answer, RefusedError)
                lane.end(answer)
                return lane.wait_s()
        if isinstance(answer, NoFill):
            log.debug("exchange.no_fill", extra={"facts": {"exchange": lane.name, "why": answer.reason}})
            self.notify(answer.notices)
            with self._turn:
                lane.end(None)
                lane.had_none()
                return lane.wait_s()
        try:
            for lease in answer.leases:
                self._take(lease)
        finally:
            with self._turn:
                lane.end(None)
        with self._turn:
            lane.had_one()
            lane.tally.filled += len(answer.leases)
            lane.tally.refused += len(answer.refused)
            if answer.leases:
                last = answer.leases[-1]
                lane.hold_ms = round((last.expires_at - last.not_before).total_seconds() * 1000)
        self.notify(answer.notices)  # also wakes what calls the wins
        self.on_offer()
        return 0.0

    def _take(self, lease: Lease) -> None:
        try:
            self.journal.offer(lease)
        except OohError:
            # What the journal cannot hold is given back at once.
            self.notify(find_dialect(lease.dialect).release(lease, Code.JOURNAL_UNAVAILABLE.code))
            raise
        facts: dict[str, object] = {"lease": lease.lease_id, "exchange": lease.exchange, "creative": lease.creative_id}
        breach = self._rules.breach(_advert(lease))
        if breach is not None:
            # The dialect could not tell, or did not look: the operator's word holds for every exchange.
            self.journal.release(lease.lease_id, Code.EXCHANGE_RULES.code)
            log.warning("lease.refused", extra={"facts": {**facts, "why": breach.detail}})
            return
        facts |= {"price": lease.price, "currency": lease.currency, "ms": lease.duration_ms}
        log.info("lease.offered", extra={"facts": facts})


def lane_names(config: Config) -> tuple[str, ...]:
    """The jobs that ask, one for each exchange with a URL: ``ask``, or ``ask-1``, ``ask-2`` … of several."""
    count = sum(1 for table in config.exchange if table.url)
    return ("ask",) if count == 1 else tuple(f"ask-{number}" for number in range(1, count + 1))


def _advert(lease: Lease) -> Advert:
    """What a lease tells of its ad."""
    return Advert(
        domains=(lease.advertiser_domain,) if lease.advertiser_domain else (),
        creative_id=lease.creative_id,
        duration_ms=lease.duration_ms,
    )
