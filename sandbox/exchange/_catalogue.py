"""The advertisers' creatives, as committed under ``sandbox/creatives/``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "creatives"


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


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All creatives, in the order of the rotation."""

    folder: Path
    creatives: tuple[Creative, ...]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Catalogue:
        """From ``manifest.json`` in the folder."""
        entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["creatives"]
        return cls(folder, tuple(Creative(**entry) for entry in entries))

    def pick(self, turn: int, mimes: tuple[str, ...], floor: float) -> Creative | None:
        """The creative whose turn it is, among those of the allowed types (empty: all) at or above the floor."""
        fit = [c for c in self.creatives if (not mimes or c.mime in mimes) and c.price >= floor]
        return fit[turn % len(fit)] if fit else None
