"""When a play may be billed: the one place that decides about money."""

from __future__ import annotations

import math

from cache._shapes import DisplayState, EndReason, Lease
from cache._time import from_ms

TOLERANCE_MS = 500
"""How much of a whole ad may be missing when the exchange names no fraction of its own."""


def required_ms(lease: Lease) -> int:
    """How long an ad must be shown to bill, ms; at least 1."""
    if lease.billable_fraction is None:
        return max(1, lease.duration_ms - TOLERANCE_MS)
    # Rounded first: 0.7 * 10_000 is 7000.000000000001 nowhere but in binary.
    return max(1, math.ceil(round(lease.duration_ms * lease.billable_fraction, 6)))


def billable(
    lease: Lease | None,
    *,
    started_at_ms: int,
    shown_ms: int | None,
    frames_presented: int | None,
    end_reason: EndReason,
    display: DisplayState,
    honoured: bool = True,
) -> bool:
    """True when every condition of the lease was met; in doubt False, so that nobody pays for what is not known.

    * House ads and content have no lease and never bill.
    * ``honoured`` is False when the lease had ended (released, failed or played before) as the play began.
    * The first frame lies inside ``not_before`` … ``expires_at``: the lease's window is for the start
      (OpenRTB 2.6 §3.2.4 ``exp``: between the auction and the impression).
    * What was shown is known and long enough (:func:`required_ms`), whatever ended it: a crash after the last
      required millisecond does not take back what people saw. ``error`` and ``screen_off`` never bill: then the
      picture itself, not only its end, is in doubt.
    * A display known to be off never bills; an unknown one does, and the record says that it is unknown.
    """
    if lease is None or not honoured or display == "off" or end_reason in {"error", "screen_off"}:
        return False
    if shown_ms is None or frames_presented == 0:
        return False
    in_window = lease.not_before <= from_ms(started_at_ms) < lease.expires_at
    return in_window and shown_ms >= required_ms(lease)
