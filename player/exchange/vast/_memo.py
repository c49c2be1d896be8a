"""What a lease remembers of its ad: all that is called when it ended, whatever the configuration is by then."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

LONGEST_BYTES = 60_000
"""Of the journal's 64 KB. A longer one is no ad with many trackers but an attack, or a fault."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A call that belongs to a time within the ad; ``at_ms`` None: to its event."""

    event: str
    url: str
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Memo:
    """Addresses have all macros filled but those of the moment (``_macros.LATER``)."""

    film: bool
    """The first choice is described as a video: only those have quartiles."""
    interactive: bool
    errors: tuple[str, ...] = ()
    impressions: tuple[str, ...] = ()
    trackers: tuple[Timed, ...] = ()
    viewable: tuple[str, ...] = ()
    not_viewable: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()
    not_executed: tuple[str, ...] = ()

    def encode(self) -> str:
        """As ``Lease.memo``."""
        return msgspec.json.encode(self).decode()


def read_memo(memo: str | None) -> Memo | None:
    """None when there is none, or another's."""
    try:
        return None if memo is None else msgspec.json.decode(memo, type=Memo)
    except msgspec.DecodeError:
        return None
