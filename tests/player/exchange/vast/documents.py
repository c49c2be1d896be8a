"""VAST documents for the tests, the network they come from, and the play that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from cache import ClockState, Lease, Play, PlayLayout
from config import Code, OohError, Size
from player.exchange import NoFill, Offered, Opportunity, RefusedError, ScreenIdentity
from player.exchange.vast import VastAsking, VastReading, vast_leases
from player.exchange.vast._macros import screen_values
from player.fetch import HttpAnswer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SCREEN = ScreenIdentity("screen-1", "bar-9", ("301",), 52.52, 13.405, "Europe/Berlin", "0.1.0")
SLOT = Opportunity(screen=Size(1920, 1080), duration_ms=10_000)
FILM = '<MediaFile delivery="progressive" type="video/mp4" width="1920" height="1080" bitrate="6000">https://cdn.test/a.mp4</MediaFile>'


def media(
    url: str = "https://cdn.test/a.mp4", mime: str = "video/mp4", w: object = 1920, h: object = 1080, **more: object
) -> str:
    """One ``MediaFile``."""
    extra = "".join(f' {key}="{value}"' for key, value in more.items())
    return (
        f'<MediaFile delivery="progressive" type="{mime}" width="{w}" height="{h}"{extra}><![CDATA[{url}]]></MediaFile>'
    )


def tracking(*events: str, host: str = "t.test") -> str:
    """A ``TrackingEvents`` with one URL an event."""
    inside = "".join(f'<Tracking event="{event}">https://{host}/{event}</Tracking>' for event in events)
    return f"<TrackingEvents>{inside}</TrackingEvents>"


def linear(files: str = FILM, duration: str = "00:00:15", events: str = "", attributes: str = "") -> str:
    """A creative with a ``Linear``."""
    length = f"<Duration>{duration}</Duration>" if duration else ""
    return (
        f'<Creative id="cr-1" adId="cid-1"><Linear{attributes}>{length}{events}'
        f"<MediaFiles>{files}</MediaFiles></Linear></Creative>"
    )


def inline(creatives: str | None = None, extra: str = "", ad: str = 'id="ad-1"', name: str = "in") -> str:
    """An ``Ad`` with an ``InLine``."""
    body = linear() if creatives is None else creatives
    return (
        f"<Ad {ad}><InLine><AdSystem>test</AdSystem><AdTitle>An ad</AdTitle>"
        f"<Impression><![CDATA[https://{name}.test/impression]]></Impression>"
        f"<Error><![CDATA[https://{name}.test/error?c=[ERRORCODE]]]></Error>"
        f"{extra}<Creatives>{body}</Creatives></InLine></Ad>"
    )


def wrapper(uri: str, extra: str = "", attributes: str = "", ad: str = 'id="w-1"', name: str = "wrap") -> str:
    """An ``Ad`` with a ``Wrapper``."""
    return (
        f"<Ad {ad}><Wrapper{attributes}><AdSystem>test</AdSystem><VASTAdTagURI><![CDATA[{uri}]]></VASTAdTagURI>"
        f"<Impression><![CDATA[https://{name}.test/impression]]></Impression>"
        f"<Error><![CDATA[https://{name}.test/error?c=[ERRORCODE]]]></Error>{extra}</Wrapper></Ad>"
    )


def vast(*ads: str, version: str = "4.2", extra: str = "") -> str:
    """The whole document."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<VAST version="{version}">{extra}{"".join(ads)}</VAST>'


@dataclass
class Net:
    """Answers by address; an error is raised, and what is not there times out."""

    answers: Mapping[str, str | bytes | HttpAnswer | OohError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, url: str) -> HttpAnswer:
        self.asked.append(url)
        found = self.answers.get(url, OohError(Code.FETCH_TIMEOUT, "no answer"))
        if isinstance(found, OohError):
            raise found
        if isinstance(found, HttpAnswer):
            return found
        return HttpAnswer(200, {}, found.encode() if isinstance(found, str) else found, url)


def asking(slot: Opportunity = SLOT, floor: str = "0", currency: str = "USD") -> VastAsking:
    """Who asks."""
    return VastAsking(
        exchange="acme",
        request_id="req-1",
        opportunity=slot,
        at=NOW,
        values=screen_values(SCREEN, slot, "req-1", "owner.test"),
        currency=currency,
        floor_cpm=Decimal(floor),
    )


def read(
    body: str | bytes,
    net: Net | None = None,
    base: str | None = "https://tag.test/vast",
    **how: Any,
) -> VastReading:
    """The reading of an answer."""
    ids = count(1)
    return vast_leases(body, asking(**how), net or Net(), lambda: f"lease-{next(ids)}", base)


def offered(body: str | bytes, net: Net | None = None, **how: Any) -> Offered:
    """The offer; fails with what came instead."""
    reading = read(body, net, **how)
    assert isinstance(reading.result, Offered), reading
    return reading.result


def lease_in(body: str | bytes, net: Net | None = None, **how: Any) -> Lease:
    """The only lease."""
    (lease,) = offered(body, net, **how).leases
    return lease


def errors(body: str | bytes, net: Net | None = None, **how: Any) -> list[str]:
    """The Error URLs called at once."""
    result = read(body, net, **how).result
    assert isinstance(result, Offered | NoFill | RefusedError), result
    return [notice.url for notice in result.notices]


def played(lease: Lease, shown_ms: int | None = None, **changes: Any) -> Play:
    """A play of it, whole unless told otherwise."""
    whole = lease.duration_ms if shown_ms is None else shown_ms
    start = NOW + timedelta(minutes=1)
    play = Play(
        id="play-1",
        seq=1,
        schema="ooh.play/1",
        screen_id="screen-1",
        venue_id=None,
        player_version="0.1.0",
        boot_id="boot",
        kind="ad",
        exchange=lease.exchange,
        request_id=lease.request_id,
        lease_id=lease.lease_id,
        imp_id=lease.imp_id,
        bid_id=lease.bid_id,
        deal_id=None,
        creative_id=lease.creative_id,
        campaign_id=None,
        advertiser_domain=lease.advertiser_domain,
        price=lease.price,
        currency=lease.currency,
        multiplier=lease.multiplier,
        creative_sha256=None,
        plate_sha256=None,
        layout=PlayLayout(None, (), None),
        started_at=start.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        ended_at=None,
        planned_ms=lease.duration_ms,
        shown_ms=whole,
        frames_presented=300,
        frames_late=0,
        end_reason="complete" if whole >= lease.duration_ms else "cut",
        billable=whole >= lease.duration_ms - 500,
        display="unknown",
        display_evidence=None,
        clock=ClockState(synced=True, source="test", offset_ms=None, backfilled=False),
        prev_hash=None,
        hash=None,
        key_id=None,
        signature=None,
    )
    return replace(play, **changes)
