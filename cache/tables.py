"""Rows for people: the store as a plain table. For the command line only.

Not part of what ``cache`` exports: sqlite-utils must stay out of the screen process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import sqlite_utils

from cache._cache_schema import CACHE_PLAN
from cache._clock import rfc3339
from cache._store import Store

Row = Mapping[str, object]


def stored_rows(state: Path, store: Store) -> Iterator[Row]:
    """The store's files, last used first: sha256, kind, size_bytes, used_at, and for a plate the creative it shows."""
    plates = {
        row["plate_sha256"]: row["creative_sha256"]
        for row in _rows(state / CACHE_PLAN.name, "plates", "plate_sha256, creative_sha256", "key")
    }
    for file in sorted(store.files(), key=lambda file: (file.used_at, file.sha256), reverse=True):
        yield {
            "sha256": file.sha256,
            "kind": file.kind,
            "size_bytes": file.size_bytes,
            "used_at": rfc3339(file.used_at),
            "creative_sha256": plates.get(file.sha256),
        }


def _rows(path: Path, table: str, columns: str, order: str) -> list[Row]:
    if not path.exists():
        return []
    database = sqlite_utils.Database(str(path))
    with closing(database.conn):
        if table not in database.table_names():
            return []
        return list(database[table].rows_where(order_by=order, select=columns))
