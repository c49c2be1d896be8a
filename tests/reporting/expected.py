"""The same figures as the SQL's, from the plays that the journals say were shown: in Python, sharing nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cache import Play

Key = tuple[Any, ...]


def day(play: Play, zone: str = "UTC") -> date:
    """The day it began, in a time zone."""
    return datetime.fromisoformat(play.started_at).astimezone(ZoneInfo(zone)).date()


def impressions(play: Play) -> Decimal:
    """People; one where the exchange says nothing."""
    return Decimal(1) if play.multiplier is None else Decimal(str(play.multiplier))


def worth(play: Play) -> Decimal:
    """What a play costs: CPM is for 1,000 people."""
    assert play.price is not None
    return Decimal(play.price) * impressions(play) / 1000


def grouped(plays: Iterable[Play], key: Callable[[Play], Key]) -> dict[Key, list[Play]]:
    """By key."""
    groups: dict[Key, list[Play]] = defaultdict(list)
    for play in plays:
        groups[key(play)].append(play)
    return groups


def campaigns(plays: Iterable[Play], day_of: Callable[[Play], date]) -> dict[Key, tuple[int, int, Decimal, Decimal]]:
    """(day, exchange, campaign, currency): plays, billable plays, impressions, amount."""
    ads = [play for play in plays if play.kind == "ad"]
    found = {}
    for key, group in grouped(ads, lambda play: (day_of(play), play.exchange, play.campaign_id, play.currency)).items():
        paid = [play for play in group if play.billable]
        found[key] = (len(group), len(paid), sum(map(impressions, paid), Decimal(0)), sum(map(worth, paid), Decimal(0)))
    return found


def reason(play: Play) -> str:
    """Why an ad is not paid."""
    short = play.shown_ms is not None and play.shown_ms < play.planned_ms - 500
    told = {
        "display off": play.display == "off",
        "error while shown": play.end_reason == "error",
        "screen went off": play.end_reason == "screen_off",
        "length unknown (crash)": play.shown_ms is None,
        "too short (crash)": short and play.end_reason == "crash",
        "too short (cut)": short,
        "outside the lease": True,
    }
    return next(name for name, holds in told.items() if holds)


def naive(play: Play) -> datetime:
    """When it began, UTC without a zone, as the SQL's timestamps are."""
    return datetime.fromisoformat(play.started_at).astimezone(UTC).replace(tzinfo=None)
