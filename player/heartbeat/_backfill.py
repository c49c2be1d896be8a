"""Times of heartbeats made before the clock was set: a board without a battery is offline with a wrong one."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from cache import Clock, rfc3339
from player.heartbeat._dig import dig
from player.heartbeat._pack import Beat


def backfilled(beat: Beat, clock: Clock, uptime_s: float | None) -> Beat:
    """With its true time, once the clock is set, if it was made in this boot while the clock was known not to be.

    ``uptime_s``: of the machine, now: the difference to the heartbeat's own is how long ago that was made.
    """
    if uptime_s is None or clock.state().synced is not True:
        return beat
    document = msgspec.json.decode(beat.body)
    made_s = dig(document, "boot.uptime_s")
    in_this_boot = document.get("boot_id") == clock.boot_id() and isinstance(made_s, (int, float))
    if not in_this_boot or dig(document, "clock.synced") is not False:
        return beat
    at = rfc3339(clock.now() - timedelta(seconds=max(0.0, uptime_s - made_s)))
    told = {**document, "sent_at": at, "clock": {**document["clock"], "backfilled": True}}
    return Beat(beat.seq, at, msgspec.json.encode(told))
