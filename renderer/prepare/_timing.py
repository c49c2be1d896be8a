"""How long each frame of an animation is shown: by the browsers' rule, to the millisecond over a whole run."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

_SHORTEST_MS = 10
_INSTEAD_MS = 100
"""A delay of 10 ms or less stands for 100 ms, as in all browsers: advertisers test their animations there."""


def shown_delays(given_ms: Iterable[Fraction | int], notes: list[str]) -> tuple[int, ...]:
    """Whole milliseconds, at least one each, whose every partial sum is within half a millisecond of what was given.

    Rounding each by itself would make thirty frames of 1/30 s last 990 ms. Raised delays get a warning in ``notes``.
    """
    delays, raised = list[int](), 0
    exact, spent = Fraction(0), 0
    for given in given_ms:
        short = int(given) <= _SHORTEST_MS
        raised += short
        exact += _INSTEAD_MS if short else given
        delays.append(round(exact) - spent)
        spent += delays[-1]
    if raised:
        notes.append(f"{raised} frames with a delay of 0 or 10 ms are shown for {_INSTEAD_MS} ms")
    return tuple(delays)
