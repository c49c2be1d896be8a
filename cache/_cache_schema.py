"""The schema of cache.db: everything in it can be made again."""

from __future__ import annotations

from cache._database_file import Migration, Plan
from config import Code

_FIRST: Migration = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE plates (
        key TEXT PRIMARY KEY, creative_sha256 TEXT NOT NULL, plate_sha256 TEXT NOT NULL, body BLOB NOT NULL)""",
    "CREATE TABLE snapshots (kind TEXT PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE house (position INTEGER PRIMARY KEY, body BLOB NOT NULL)",
)

CACHE_PLAN = Plan(
    name="cache.db",
    migrations=(_FIRST,),
    durable=False,
    unavailable=Code.CACHE_UNAVAILABLE,
    damaged=Code.CACHE_UNAVAILABLE,
    rebuildable=True,
)
