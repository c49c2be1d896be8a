"""The forecast: what the loop would show next if nothing new came. Reckoned when somebody asks, never otherwise."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cache import ReadyAd
from renderer.show.decide import Candidates, Choice, LoopRules, LoopState, Moment, decide

log = logging.getLogger("ooh.show")

SLOTS = 6
_LOOP = frozenset({"ad", "house", "content", "slate"})


@dataclass(frozen=True, slots=True)
class Coming:
    """One choice, and when it would come on (monotonic)."""

    choice: Choice
    starts_ns: int


def forecast(
    staged: Choice | None, state: LoopState, candidates: Candidates, rules: LoopRules, at: Moment
) -> tuple[Coming, ...]:
    """Up to ``SLOTS`` choices from ``at`` on, beginning with what is staged; the slate ends it. Pure.

    Each paid ad is shown once, within its window to its very end, as the loop itself would.
    """
    return tuple(_choices(staged, state, candidates, rules, at))


def as_document(coming: Sequence[Coming], now_ns: int) -> list[dict[str, Any]]:
    """``[{"kind", "planned_ms", "starts_in_ms", "creative_id", "advertiser", "exchange"}]``; unknown is None."""
    return [_slot(one, now_ns) for one in coming]


def write_forecast(document: Sequence[dict[str, Any]], target: Path) -> None:
    """As JSON; a reader sees the whole file or none. A folder that cannot be written is logged."""
    temp = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        temp.write_text(json.dumps(document), encoding="utf-8")
        temp.replace(target)
    except OSError as error:
        log.warning("forecast.failed", extra={"facts": {"error": str(error)}})


def _choices(
    staged: Choice | None, state: LoopState, candidates: Candidates, rules: LoopRules, at: Moment
) -> Iterator[Coming]:
    for number in range(SLOTS):
        first = number == 0 and staged is not None and staged.kind in _LOOP
        choice = staged if first and staged is not None else decide(state, _open_at(candidates, at), rules, at)
        if choice.aligned_ms is not None and choice.aligned_ms > at.ms:
            at = _later(at, choice.aligned_ms - at.ms)
        yield Coming(choice, at.ns)
        if choice.kind == "slate":
            return
        state, at = choice.after, _later(at, choice.planned_ms)
        if choice.ad is not None:
            gone = choice.ad.lease.lease_id
            candidates = replace(candidates, ads=tuple(ad for ad in candidates.ads if ad.lease.lease_id != gone))


def _open_at(candidates: Candidates, at: Moment) -> Candidates:
    return replace(candidates, ads=tuple(ad for ad in candidates.ads if _is_open(ad, at)))


def _is_open(ad: ReadyAd, at: Moment) -> bool:
    lease = ad.lease
    return lease.not_before <= at.local and at.local + timedelta(milliseconds=lease.duration_ms) < lease.expires_at


def _later(at: Moment, by_ms: int) -> Moment:
    return replace(at, local=at.local + timedelta(milliseconds=by_ms), ns=at.ns + by_ms * 1_000_000)


def _slot(one: Coming, now_ns: int) -> dict[str, Any]:
    choice = one.choice
    lease = choice.ad.lease if choice.ad is not None else None
    return {
        "kind": choice.kind,
        "planned_ms": choice.planned_ms,
        "starts_in_ms": max(0, (one.starts_ns - now_ns) // 1_000_000),
        "creative_id": lease.creative_id if lease is not None else (choice.house.name if choice.house else None),
        "advertiser": lease.advertiser_domain if lease is not None else None,
        "exchange": lease.exchange if lease is not None else None,
    }
