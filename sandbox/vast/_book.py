"""The VAST server's book: what was asked and answered, and whether what was called adds up."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sandbox.vast._plan import Plan, PlannedAd

VIEWS = ("viewable", "notViewable", "viewUndetermined")
QUARTILES = ("firstQuartile", "midpoint", "thirdQuartile")
KINDS = frozenset(
    {
        "impression",
        "error",
        "creativeView",
        "start",
        "complete",
        "notUsed",
        "verificationNotExecuted",
        *VIEWS,
        *QUARTILES,
    }
)
INTERACTIVE = "409"
"""The one error that an ad which was shown may have."""
_KEPT_ADS = 10_000
_NUMBER = re.compile(r"\d{8}")
_CODE = re.compile(r"\d{3}")


@dataclass(slots=True)
class _Line:
    """One ad, and the calls of each of its nodes by kind."""

    ad: PlannedAd
    calls: Counter[tuple[str, int]] = field(default_factory=Counter)
    codes: set[str] = field(default_factory=set)

    def nodes(self, kind: str) -> int:
        """How many of its nodes were called."""
        return sum(1 for at in range(self.ad.nodes) if self.calls[kind, at])


class VastBook:
    """Counts, safe to use from all threads of the server."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._answers: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._calls: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()
        self._bad: Counter[str] = Counter()

    def next_number(self) -> int:
        """The number of this tag request, from 0."""
        with self._lock:
            self._asked += 1
            return self._asked - 1

    def answered(self, plan: Plan) -> None:
        """A tag request was answered."""
        with self._lock:
            self._answers["slow"] += plan.outcome.delay_s > 0
            self._answers[plan.outcome.kind] += 1
            self._shapes[plan.shape] += 1
            for ad in plan.ads:
                self._lines[ad.id] = _Line(ad)
            while len(self._lines) > _KEPT_ADS:
                self._lines.popitem(last=False)

    def bad_request(self, why: str) -> None:
        """A request that no good player makes."""
        with self._lock:
            self._bad[why] += 1

    def no_ad_told(self, code: str) -> None:
        """The ``Error`` of an answer without an ad was called."""
        with self._lock:
            self._calls["no_ad"] += 1
            if code != "303":
                self._bad["another code than 303 for no ad"] += 1

    def beacon(self, kind: str, query: Mapping[str, str]) -> str | None:
        """Count a call; says what is wrong with it, or None."""
        with self._lock:
            line = self._lines.get(query.get("ad", ""))
            wrong = _wrong(kind, line, query)
            if wrong is not None or line is None:
                self._bad[wrong or "unknown ad"] += 1
                return wrong
            at = int(query["at"])
            line.calls[kind, at] += 1
            if line.calls[kind, at] > 1:
                self._calls["repeated"] += 1
                return None
            if at == line.ad.nodes - 1:
                self._calls[kind] += 1
            if kind == "error":
                line.codes.add(query["code"])
                self._codes[query["code"]] += at == line.ad.nodes - 1
            return None

    def state(self) -> dict[str, Any]:
        """Everything counted. Calls are counted once an ad, at the ad itself; ``partial`` are chains told in part."""
        with self._lock:
            lines = self._lines.values()
            views = [sum(line.nodes(view) for view in VIEWS) for line in lines]
            return {
                "asked": self._asked,
                "filled": self._answers["fill"],
                "nofill": self._answers["nofill"],
                "throttled": self._answers["throttle"],
                "slow": self._answers["slow"],
                "broken": self._answers["broken"],
                "shapes": dict(sorted(self._shapes.items())),
                "ads": len(lines),
                "impressions": self._calls["impression"],
                "starts": self._calls["start"],
                "quartiles": {name: self._calls[name] for name in QUARTILES},
                "completes": self._calls["complete"],
                "views": {view: self._calls[view] for view in VIEWS},
                "not_verified": self._calls["verificationNotExecuted"],
                "errors": {code: count for code, count in sorted(self._codes.items()) if count},
                "not_used": self._calls["notUsed"],
                "no_ad": self._calls["no_ad"],
                "released": sum(1 for line in lines if line.nodes("error") and not line.nodes("impression")),
                "unsettled": sum(1 for line in lines if not line.calls),
                "partial": sum(1 for line in lines if _partial(line)),
                "viewed_not_once": sum(
                    1 for line, seen in zip(lines, views, strict=True) if seen != line.nodes("impression")
                ),
                "shown_and_failed": sum(1 for line in lines if line.nodes("impression") and line.codes - {INTERACTIVE}),
                "repeated_beacons": self._calls["repeated"],
                "bad_beacons": dict(sorted(self._bad.items())),
            }


def _partial(line: _Line) -> bool:
    """True when some nodes of a chain were told what others were not."""
    return any(0 < line.nodes(kind) < line.ad.nodes for kind in ("impression", "error", "start", "complete"))


def _wrong(kind: str, line: _Line | None, query: Mapping[str, str]) -> str | None:
    """Why a call is not good."""
    at = query.get("at", "")
    if line is None or not at.isdigit() or int(at) >= line.ad.nodes:
        return "unknown ad"
    code, expected = query.get("code", ""), line.ad.code
    faults = {
        "macro not replaced": any("[" in value for name, value in query.items() if name != "foreign"),
        "foreign macro replaced": query.get("foreign") != "[SANDBOX]",
        "no random number": not _NUMBER.fullmatch(query.get("cb", "")),
        "quartile of a picture": kind in QUARTILES and not line.ad.film,
        "another reason than 2": kind == "verificationNotExecuted" and query.get("reason") != "2",
        "no error code": kind == "error" and not _CODE.fullmatch(code),
        f"{code[:9]} instead of {expected}": kind == "error" and expected is not None and code != str(expected),
    }
    return next((fault for fault, found in faults.items() if found), None)
