"""Feed snapshots in cache.db: the last good answer of each content source."""

from __future__ import annotations

import msgspec

from cache._database import Database
from cache._shapes import FeedSnapshot
from config import PanelKind


class Feeds:
    """One snapshot a kind, and a version that changes with every one saved."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, snapshot: FeedSnapshot) -> None:
        """Keep it in place of the last of its kind."""
        with self._database.writing() as tx:
            tx.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?)", (snapshot.kind, msgspec.json.encode(snapshot)))
            tx.execute(
                "INSERT INTO meta (key, value) VALUES ('snapshots', 1) "
                "ON CONFLICT (key) DO UPDATE SET value = value + 1"
            )

    def all(self) -> dict[PanelKind, FeedSnapshot]:
        """The last snapshot of every kind, fresh or not."""
        with self._database.reading() as view:
            rows = view.execute("SELECT body FROM snapshots ORDER BY kind").fetchall()
        snapshots = (msgspec.json.decode(body, type=FeedSnapshot) for (body,) in rows)
        return {snapshot.kind: snapshot for snapshot in snapshots}

    def version(self) -> int:
        """A number that is another one after any save."""
        with self._database.reading() as view:
            row = view.execute("SELECT value FROM meta WHERE key = 'snapshots'").fetchone()
        return int(row[0]) if row else 0
