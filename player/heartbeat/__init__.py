"""The heartbeat: one screen's periodic health report, ``ooh.heartbeat/1`` (docs/heartbeat.md)."""

from player.heartbeat._backfill import backfilled
from player.heartbeat._backlog import Backlog
from player.heartbeat._document import HEARTBEAT_SCHEMA, document
from player.heartbeat._emf import emf_line
from player.heartbeat._facts import CacheUse, Facts, Queue
from player.heartbeat._pack import MOST_PACKED_BYTES, Beat, beat_of, pack
from player.heartbeat._post import Heartbeat, RefusedError
from player.heartbeat._textfile import exposition, write_textfile
from player.heartbeat._thumbnail import take_thumbnail

__all__ = [
    "HEARTBEAT_SCHEMA",
    "MOST_PACKED_BYTES",
    "Backlog",
    "Beat",
    "CacheUse",
    "Facts",
    "Heartbeat",
    "Queue",
    "RefusedError",
    "backfilled",
    "beat_of",
    "document",
    "emf_line",
    "exposition",
    "pack",
    "take_thumbnail",
    "write_textfile",
]
