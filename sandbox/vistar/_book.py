"""The ad server's book: every lease, and whether it was proven, given back, or forgotten."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sandbox.exchange._mix import Outcome

SHOWN_FRACTION = 0.75
_KEPT_LEASES = 10_000
_SLACK_S = 2.0
_ROUNDING_S = 1.0


@dataclass(slots=True)
class Leased:
    """One advertisement that was given out."""

    lease_id: str
    file: str
    made_at: float
    expires_at: float
    length_s: float
    flaky: str = ""
    """"proof" or "expiration": its first call is answered with an error that passes."""
    proofs: int = 0
    expirations: int = 0
    waved_off: int = 0
    refused: list[str] = field(default_factory=list)


class VistarBook:
    """Counts, safe to use from all threads of the server."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._answers: Counter[str] = Counter()
        self._broken: Counter[str] = Counter()
        self._leases: OrderedDict[str, Leased] = OrderedDict()
        self._calls: Counter[str] = Counter()
        self._bad_calls: Counter[str] = Counter()
        self._bad_requests: deque[list[str]] = deque(maxlen=20)

    def next_number(self) -> int:
        """The number of this request, from 0."""
        with self._lock:
            self._asked += 1
            return self._asked - 1

    def refused(self, reasons: list[str]) -> None:
        """A request that was not good."""
        with self._lock:
            self._answers["bad_request"] += 1
            self._bad_requests.append(reasons)

    def listed(self) -> None:
        """The assets were asked for."""
        with self._lock:
            self._calls["asset_lists"] += 1

    def answered(self, outcome: Outcome, lease: Leased | None) -> None:
        """How a request was answered, and what was leased."""
        with self._lock:
            self._answers[outcome.kind] += 1
            self._answers["slow"] += outcome.delay_s > 0
            self._broken[outcome.flavour] += outcome.kind == "broken"
            if lease is not None:
                self._leases[lease.lease_id] = lease
            while len(self._leases) > _KEPT_LEASES:
                self._leases.popitem(last=False)

    def prove(self, lease_id: str, display_time: object, now_s: float) -> tuple[int, str]:
        """A proof of play: the status and what is said; only a 200 counts."""
        with self._lock:
            lease = self._leases.get(lease_id)
            if lease is not None and lease.flaky == "proof" and not lease.waved_off:
                lease.waved_off += 1
                self._calls["waved_off"] += 1
                return 503, "come back later"
            wrong = _proof_wrong(lease, display_time, now_s)
            if wrong or lease is None:
                return self._bad(lease, wrong)
            lease.proofs += 1
            self._calls["proofs"] += 1
            return 200, "counted"

    def expire(self, lease_id: str, now_s: float) -> tuple[int, str]:
        """A lease that comes back."""
        with self._lock:
            lease = self._leases.get(lease_id)
            if lease is not None and lease.flaky == "expiration" and not lease.waved_off:
                lease.waved_off += 1
                self._calls["waved_off"] += 1
                return 408, "come back later"
            wrong = _spent(lease, now_s)
            if wrong or lease is None:
                return self._bad(lease, wrong)
            lease.expirations += 1
            self._calls["expirations"] += 1
            return 200, "taken back"

    def state(self, now_s: float) -> dict[str, Any]:
        """Everything counted. ``outstanding`` leases still run; ``forgotten`` ones ran out without a word."""
        with self._lock:
            open_leases = [one for one in self._leases.values() if not one.proofs and not one.expirations]
            return {
                "asked": self._asked,
                "bad_requests": self._answers["bad_request"],
                "last_bad_requests": list(self._bad_requests),
                "filled": self._answers["fill"],
                "nofill": self._answers["nofill"],
                "throttled": self._answers["throttle"],
                "slow": self._answers["slow"],
                "broken": {kind: count for kind, count in sorted(self._broken.items()) if count},
                "asset_lists": self._calls["asset_lists"],
                "leased": len(self._leases),
                "billed": self._calls["proofs"],
                "proofs": self._calls["proofs"],
                "released": self._calls["expirations"],
                "expirations": self._calls["expirations"],
                "waved_off": self._calls["waved_off"],
                "outstanding": sum(now_s <= one.expires_at for one in open_leases),
                "forgotten": sum(now_s > one.expires_at for one in open_leases),
                "repeated_calls": self._bad_calls["Lease Already Spent"],
                "bad_calls": dict(sorted(self._bad_calls.items())),
            }

    def _bad(self, lease: Leased | None, wrong: str) -> tuple[int, str]:
        self._bad_calls[wrong.partition(" by ")[0]] += 1
        if lease is not None:
            lease.refused.append(wrong)
        return 400, wrong


def _spent(lease: Leased | None, now_s: float) -> str:
    if lease is None:
        return "Invalid URL"
    if lease.proofs or lease.expirations:
        return "Lease Already Spent"
    if now_s > lease.expires_at:
        return f"Lease expired by {now_s - lease.expires_at:.0f} seconds"
    return ""


def _proof_wrong(lease: Leased | None, display_time: object, now_s: float) -> str:
    wrong = _spent(lease, now_s)
    if wrong or lease is None:
        return wrong
    if type(display_time) is not int:
        return "Invalid display time"
    if not lease.made_at - _SLACK_S <= display_time <= now_s + _SLACK_S:
        return "Invalid display time"
    if now_s - display_time < SHOWN_FRACTION * lease.length_s - _ROUNDING_S:
        return "Too early: not enough of it was shown"
    return ""
