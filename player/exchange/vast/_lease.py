"""From a sound ad and its chain to the lease."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from cache import Lease
from player.exchange.vast._asking import VastAsking
from player.exchange.vast._judge import Sound
from player.exchange.vast._macros import LATER, fill, fill_now
from player.exchange.vast._macros import Moment as Now
from player.exchange.vast._memo import Memo, Timed
from player.exchange.vast._model import Ad, Calls, InLine, Tracker, Wrapper


def ad_values(ad: Ad, inline: InLine | None, count: int) -> dict[str, str]:
    """Macros that are known of one ad. ``count``: how many ads of this answer are shown, with this one."""
    known = {"ADTYPE": ad.kind, "ADCOUNT": str(count), "PODSEQUENCE": str(ad.sequence or "")}
    if inline is not None:
        known["ADSERVINGID"] = inline.serving_id or ""
        linear = inline.linears[0] if inline.linears else None
        known["UNIVERSALADID"] = ",".join(linear.universal_ids) if linear else ""
    return {name: value for name, value in known.items() if value}


def lease_of(
    ad: Ad, inline: InLine, sound: Sound, above: Sequence[Wrapper], asking: VastAsking, count: int, lease_id: str
) -> Lease:
    """The lease, with everything that its whole chain wants called, outermost wrapper first."""
    values = {**asking.values, **ad_values(ad, inline, count)}
    hold_s = min(asking.opportunity.hold_s, inline.expires_s or asking.opportunity.hold_s)
    best = sound.files[0]
    moment = Now(seed=lease_id, at=asking.at)
    files = [fill_now(fill(file.url, values, LATER), moment) for file in sound.files]
    price = sound.pricing
    return Lease(
        lease_id=lease_id,
        exchange=asking.exchange,
        request_id=asking.request_id,
        imp_id=str(count),
        creative_url=files[0],
        alternatives=tuple(files[1:]),
        not_before=asking.at,
        expires_at=asking.at + timedelta(seconds=hold_s),
        duration_ms=sound.duration_ms,
        bid_id=ad.ad_id,
        creative_id=sound.linear.creative_id or ad.ad_id,
        advertiser_domain=(inline.advertiser or "")[:255] or None,
        price=None if price is None else format(price.cpm, "f"),
        currency=None if price is None else price.currency or asking.currency,
        multiplier=asking.multiplier,
        width=best.width or None,
        height=best.height or None,
        dialect=asking.dialect,
        memo=_memo(inline, sound, above, values).encode(),
    )


def _memo(inline: InLine, sound: Sound, above: Sequence[Wrapper], values: Mapping[str, str]) -> Memo:
    chain = [*(hop.calls for hop in above), inline.calls]

    def filled(urls: Iterable[str]) -> tuple[str, ...]:
        return tuple(fill(url, values, LATER) for url in urls)

    def merged(part: Callable[[Calls], Iterable[str]]) -> tuple[str, ...]:
        return filled(url for calls in chain for url in part(calls))

    trackers = [tracker for calls in chain for tracker in calls.trackers]
    return Memo(
        film=not sound.files[0].mime.startswith("image/") and not _is_picture(sound.files[0].url),
        interactive=sound.linear.interactive,
        errors=merged(lambda calls: calls.errors),
        impressions=merged(lambda calls: calls.impressions),
        trackers=tuple(
            Timed(tracker.event, fill(tracker.url, values, LATER), _at_ms(tracker, sound.duration_ms))
            for tracker in (*trackers, *sound.linear.trackers)
        ),
        viewable=merged(lambda calls: calls.viewable),
        not_viewable=merged(lambda calls: calls.not_viewable),
        undetermined=merged(lambda calls: calls.undetermined),
        not_executed=merged(lambda calls: calls.not_executed),
    )


def _at_ms(tracker: Tracker, duration_ms: int) -> int | None:
    return tracker.at_ms if tracker.at_percent is None else round(duration_ms * tracker.at_percent / 100)


def _is_picture(url: str) -> bool:
    return url.partition("?")[0].lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".gif"))
