"""What an HTML5 creative is made of, and how the network reaches it: from above, one guarded answer at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from config import Size

ORIGIN = "https://creative.invalid"
"""Where pages live that came without an address: a name that no resolver knows (RFC 6761 6.4)."""


Form = Literal["markup", "archive", "pack"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer of the network, or one file of an archive."""

    status: int
    content_type: str
    body: bytes
    url: str = ""
    """Where it was found in the end, after redirects; empty: where it was asked for."""


class Resources(Protocol):
    """The guarded network, as far as a creative may have it while it is taken in."""

    def get(self, url: str) -> Resource:
        """Any status is an answer. Raises ``OohError`` (FETCH_*); may be called from several threads."""


@dataclass(frozen=True, slots=True)
class Site:
    """A page with all that belongs to it: what is rendered, without a network."""

    start: str
    """The address of the page."""
    resources: Mapping[str, Resource]
    """By address, without fragments."""
    size: Size | None = None
    """CSS pixels, as the bid or the archive said; None: the page says it or is measured."""
    fluid: bool = False
    """True: it was found to fill whatever screen it is given."""


@dataclass(frozen=True, slots=True)
class HtmlSource:
    """An HTML5 creative as it came."""

    file: Path
    form: Form
    """``markup``: a page or a part of one; ``archive``: an advertiser's zip; ``pack``: one of ours."""
    address: str = ""
    """Where a page was found; empty: it came by itself."""
    size: Size | None = None
    """CSS pixels, as a bid named them; a page's own ``ad.size`` comes first."""
    silent: tuple[str, ...] = ()
    """Addresses not to be asked while it is taken in: they count impressions."""
