"""The advertisers' creatives, as committed under ``sandbox/creatives/``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "creatives"
_PAGE_EVERY, _PAGE_AT = 4, 1
"""Which turns are pages': the second, the sixth …"""


@dataclass(frozen=True, slots=True)
class Creative:
    """One creative and who pays for it. ``price``: CPM."""

    file: str
    width: int
    height: int
    mime: str
    brand: str
    campaign: str
    domain: str
    price: float
    form: str = ""
    """How HTML5 is sent: ``markup`` in the bid, or the ``address`` of a page or an archive. Empty: a picture."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All creatives, in the order of the rotation."""

    folder: Path
    creatives: tuple[Creative, ...]
    """Pictures."""
    pages: tuple[Creative, ...] = ()
    """HTML5."""

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Catalogue:
        """From ``manifest.json`` in the folder."""
        pages = folder / "html5" / "pages.json"
        return cls(folder, _read(folder / "manifest.json"), _read(pages) if pages.is_file() else ())

    def pick(self, turn: int, mimes: tuple[str, ...], floor: float) -> Creative | None:
        """The creative whose turn it is, among those of the allowed types (empty: pictures) at or above the floor.

        Every fourth turn is a page's, for those who say that they show pages.
        """
        pages = [c for c in self.pages if c.mime in mimes and c.price >= floor]
        if pages and turn % _PAGE_EVERY == _PAGE_AT:
            return pages[turn // _PAGE_EVERY % len(pages)]
        turn -= (turn + _PAGE_EVERY - 1 - _PAGE_AT) // _PAGE_EVERY if pages else 0
        fit = [c for c in self.creatives if (not mimes or c.mime in mimes) and c.price >= floor]
        return fit[turn % len(fit)] if fit else None


def _read(manifest: Path) -> tuple[Creative, ...]:
    entries = json.loads(manifest.read_text(encoding="utf-8"))["creatives"]
    return tuple(Creative(**entry) for entry in entries)
