"""The exchange's book: what was asked, answered, shown, billed and released."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import Any

from sandbox.exchange._bid import Bid
from sandbox.exchange._mix import Outcome

BEACON_KINDS = ("won", "billed", "impression", "lost", "expired")
_KEPT_BIDS = 10_000
_KEPT_HEARTBEATS = 100


@dataclass(slots=True)
class _Line:
    """One bid and how often each beacon was called for it."""

    price: float
    pixel: bool = True
    """False: only an address was sent, with no pixel to call: what is billed was seen."""
    calls: Counter[str] = field(default_factory=Counter)


class Book:
    """Counts, safe to use from all threads of the server."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._answers: Counter[str] = Counter()
        self._broken: Counter[str] = Counter()
        self._served: Counter[str] = Counter()
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._beacons: Counter[str] = Counter()
        self._bad_beacons: Counter[str] = Counter()
        self._heartbeats = 0
        self._last_heartbeats: deque[dict[str, Any]] = deque(maxlen=_KEPT_HEARTBEATS)
        self._bad_requests: deque[list[str]] = deque(maxlen=20)

    def next_number(self) -> int:
        """The number of this request, from 0."""
        with self._lock:
            self._asked += 1
            return self._asked - 1

    def refused(self, reasons: list[str]) -> None:
        """A request that was not good OpenRTB."""
        with self._lock:
            self._answers["bad_request"] += 1
            self._bad_requests.append(reasons)

    def answered(self, outcome: Outcome, bids: tuple[Bid, ...]) -> None:
        """How a request was answered, with which bids."""
        with self._lock:
            self._answers["slow"] += outcome.delay_s > 0
            self._answers[outcome.kind] += 1
            self._broken[outcome.flavour] += outcome.kind == "broken"
            for bid in bids:
                pixel = bool(bid.broken) or bid.creative.form != "address"
                self._lines[bid.id] = _Line(bid.creative.price, pixel)
            while len(self._lines) > _KEPT_BIDS:
                self._lines.popitem(last=False)

    def served(self, name: str) -> None:
        """A creative was fetched."""
        with self._lock:
            self._served[name] += 1

    def beacon(self, kind: str, bid_id: str, price: str | None) -> str | None:
        """Count a call; says what is wrong with it, or None. The same call again counts as a repeat only."""
        with self._lock:
            line = self._lines.get(bid_id)
            wrong = _wrong(kind, line, price)
            if wrong is not None or line is None:
                self._bad_beacons[wrong or "unknown bid"] += 1
                return wrong
            line.calls[kind] += 1
            self._beacons[kind if line.calls[kind] == 1 else "repeated"] += 1
            self._beacons["impression"] += kind == "billed" and not line.pixel and line.calls[kind] == 1
            return None

    def heartbeat(self, document: dict[str, Any]) -> None:
        """Keep a heartbeat; only the last 100 are."""
        with self._lock:
            self._heartbeats += 1
            self._last_heartbeats.append(document)

    def heartbeats(self) -> list[dict[str, Any]]:
        """The last 100, in the order they came."""
        with self._lock:
            return list(self._last_heartbeats)

    def state(self) -> dict[str, Any]:
        """Everything counted, for ``GET /_state``. Beacons are counted once per bid; further calls are repeats."""
        with self._lock:
            return {
                "asked": self._asked,
                "bad_requests": self._answers["bad_request"],
                "last_bad_requests": list(self._bad_requests),
                "filled": self._answers["fill"],
                "nofill": self._answers["nofill"],
                "throttled": self._answers["throttle"],
                "slow": self._answers["slow"],
                "broken": {kind: count for kind, count in sorted(self._broken.items()) if count},
                "served": dict(sorted(self._served.items())),
                "won": self._beacons["won"],
                "billed": self._beacons["billed"],
                "impressions": self._beacons["impression"],
                "released": self._beacons["lost"] + self._beacons["expired"],
                "billed_and_released": self._contradictions(),
                "repeated_beacons": self._beacons["repeated"],
                "bad_beacons": dict(self._bad_beacons),
                "heartbeats": self._heartbeats,
                "last_heartbeat": self._last_heartbeats[-1] if self._last_heartbeats else None,
            }

    def _contradictions(self) -> int:
        """Bids that were billed and released as well: a player must never say both."""
        return sum(
            1 for line in self._lines.values() if line.calls["billed"] and line.calls["lost"] + line.calls["expired"]
        )


def _wrong(kind: str, line: _Line | None, price: str | None) -> str | None:
    """Why a beacon is not good: unknown bid, a macro left as it is, another price than the bid's."""
    if line is None:
        return "unknown bid"
    if price is None or (price == "" and kind == "lost"):
        return None  # what an auction cleared at is not told to those who lost it (OpenRTB 2.6 section 4.4.1)
    if "AUCTION" in price:
        return "macro not replaced"
    try:
        same = Decimal(price) == Decimal(str(line.price))
    except InvalidOperation:
        return "price is not a number"
    return None if same else "another price than the bid's"
