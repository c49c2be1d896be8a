"""What is called after an ad was shown, or was not: from the lease and the play alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from cache import Beacon, Lease, Play
from player.exchange.vast._codes import VastCode, code_of
from player.exchange.vast._macros import Moment, fill_now
from player.exchange.vast._memo import Memo, read_memo

NOT_SUPPORTED = 2
"""``[REASON]`` of a verification that was not executed: the player runs no such code (VAST 4.2 §3.16)."""
_VIEWED_MS = 2_000
"""A video is viewable after two seconds on the screen in one piece (MRC Viewable Ad Impression Guidelines, video)."""
_TOLERANCE_MS = 500
"""As in the journal's billing: a cut within it is a whole ad."""
_PARTS = {"firstQuartile": 0.25, "midpoint": 0.5, "thirdQuartile": 0.75}
_ORDER = ("loaded", "creativeView", "start", "firstQuartile", "midpoint", "thirdQuartile", "progress", "complete")
Seen = Literal["seen", "unseen", "failed"]


def vast_shown(lease: Lease, play: Play) -> tuple[Beacon, ...]:
    """The calls after a play, in the order of their times.

    The impression stands for the first frame (VAST 4.2 §3.4), so a play that was cut short has one, and the
    quartiles it came to. A play that nobody saw (display off, past its window, picture in doubt) has none, and the
    ``Error`` URLs are called instead.
    """
    memo = read_memo(lease.memo)
    if memo is None:
        return ()
    seen = _seen(lease, play)
    if seen != "seen":
        return _errors(memo, lease, VastCode.DISPLAY if seen == "failed" else VastCode.NOT_SERVED, None)
    shown_ms = play.shown_ms or 0
    began = datetime.fromisoformat(play.started_at)

    def called(kind: str, urls: Iterable[str], at_ms: int, reason: int | None = None) -> list[Beacon]:
        moment = Moment(
            seed=f"{play.id} {kind}",
            at=began + timedelta(milliseconds=at_ms),
            playhead_ms=at_ms,
            asset=lease.creative_url,
            reason=reason,
        )
        return [Beacon(kind, fill_now(url, moment)) for url in urls]

    beacons = called("impression", memo.impressions, 0)
    for at_ms, event, url in _reached(memo, lease, play, shown_ms):
        beacons += called(event, [url], at_ms)
    beacons += called(*_view(memo, play, shown_ms))
    beacons += called("verificationNotExecuted", memo.not_executed, 0, NOT_SUPPORTED)
    if memo.interactive:
        beacons += _errors(memo, lease, VastCode.INTERACTIVE, began)
    return tuple(beacons)


def vast_release(lease: Lease, reason: str) -> tuple[Beacon, ...]:
    """The ``Error`` URLs of the whole chain with the code that fits, then ``notUsed`` for an ad that was sound."""
    memo = read_memo(lease.memo)
    if memo is None:
        return ()
    code = code_of(reason)
    beacons = list(_errors(memo, lease, code, None))
    if code is VastCode.NOT_SERVED:
        moment = Moment(seed=f"{lease.lease_id} notUsed")
        beacons += [Beacon(one.event, fill_now(one.url, moment)) for one in memo.trackers if one.event == "notUsed"]
    return tuple(beacons)


def _seen(lease: Lease, play: Play) -> Seen:
    if play.end_reason == "error":
        return "failed"
    if not play.shown_ms or play.frames_presented == 0:
        return "unseen"
    if play.display == "off" or play.end_reason == "screen_off":
        return "unseen"
    in_window = lease.not_before <= datetime.fromisoformat(play.started_at) < lease.expires_at
    return "seen" if in_window else "unseen"


def _reached(memo: Memo, lease: Lease, play: Play, shown_ms: int) -> list[tuple[int, str, str]]:
    """``(at_ms, event, url)`` of what the play came to, in the order of time.

    Quartiles mean that the ad was played continuously so far (VAST 4.2 §3.14.1): of a still picture, and of a film
    whose picture never moved, nothing was. They begin and end all the same.
    """
    moving = memo.film and (play.frames_presented is None or play.frames_presented > 1)
    found = []
    for tracker in memo.trackers:
        event = tracker.event
        if event == "notUsed" or (not moving and (event in _PARTS or event == "progress")):
            continue
        at_ms = round(lease.duration_ms * _PARTS[event]) if event in _PARTS else tracker.at_ms or 0
        if event == "complete":
            at_ms = max(1, lease.duration_ms - _TOLERANCE_MS)
        if shown_ms >= at_ms:
            found.append((min(shown_ms, lease.duration_ms) if event == "complete" else at_ms, event, tracker.url))
    return sorted(found, key=lambda one: (one[1] == "complete", one[0], _ORDER.index(one[1])))


def _view(memo: Memo, play: Play, shown_ms: int) -> tuple[str, tuple[str, ...], int]:
    """One of the three of ``ViewableImpression`` (VAST 4.2 §3.5), by what the display says of itself."""
    if play.display != "on":
        return "viewUndetermined", memo.undetermined, min(shown_ms, _VIEWED_MS)
    if shown_ms >= _VIEWED_MS:
        return "viewable", memo.viewable, _VIEWED_MS
    return "notViewable", memo.not_viewable, shown_ms


def _errors(memo: Memo, lease: Lease, code: VastCode, at: datetime | None) -> tuple[Beacon, ...]:
    moment = Moment(seed=f"{lease.lease_id} {code}", at=at, asset=lease.creative_url, error=int(code))
    return tuple(Beacon("error", fill_now(url, moment)) for url in memo.errors)
