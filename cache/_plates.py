"""Plates and house ads in cache.db: which file of the store is which creative, prepared."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cache._database import Database
from cache._shapes import HouseAd, Plate
from cache._store import Store


class Plates:
    """Rows of plates. A plate whose file has gone from the store is as good as none."""

    def __init__(self, database: Database, store: Store) -> None:
        self._database = database
        self._store = store

    def save(self, plate: Plate) -> None:
        """Keep it under its key, in place of one kept before."""
        row = (plate.key, plate.creative_sha256, plate.plate_sha256, msgspec.json.encode(plate))
        with self._database.writing() as tx:
            tx.execute("INSERT OR REPLACE INTO plates VALUES (?, ?, ?, ?)", row)

    def get(self, key: str) -> Plate | None:
        """The plate of this key, if its file is there."""
        with self._database.reading() as view:
            row = view.execute("SELECT body FROM plates WHERE key = ?", (key,)).fetchone()
        plate = msgspec.json.decode(row[0], type=Plate) if row else None
        return plate if plate is not None and self._store.path(plate.plate_sha256) is not None else None

    def forget(self, sha256s: Sequence[str]) -> None:
        """Drop the rows of plates whose files were removed."""
        with self._database.writing() as tx:
            tx.executemany("DELETE FROM plates WHERE plate_sha256 = ?", [(sha256,) for sha256 in sha256s])

    def set_house(self, ads: Sequence[HouseAd]) -> None:
        """Replace all house ads, in this order; nothing is written when they are the same."""
        rows = [(position, msgspec.json.encode(ad)) for position, ad in enumerate(ads)]
        with self._database.reading() as view:
            if view.execute("SELECT position, body FROM house ORDER BY position").fetchall() == rows:
                return
        with self._database.writing() as tx:
            tx.execute("DELETE FROM house")
            tx.executemany("INSERT INTO house VALUES (?, ?)", rows)

    def house(self) -> tuple[HouseAd, ...]:
        """The house ads whose plates are there, in order."""
        with self._database.reading() as view:
            rows = view.execute("SELECT body FROM house ORDER BY position").fetchall()
        ads = (msgspec.json.decode(body, type=HouseAd) for (body,) in rows)
        return tuple(ad for ad in ads if self._store.path(ad.plate.plate_sha256) is not None)
