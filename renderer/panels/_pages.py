"""Pages of a tile that has more to say than room: the wall clock turns them, so every screen is on the same one."""

from __future__ import annotations

from datetime import UTC, datetime


def page_at(now: datetime, seconds: int, count: int) -> int:
    """Which of ``count`` pages is on at ``now``, counted from 0."""
    return int(now.timestamp() // seconds) % count if count > 1 else 0


def next_turn(now: datetime, seconds: int) -> datetime:
    """When the page after it comes on."""
    return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)
