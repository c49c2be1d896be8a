"""The version that records, heartbeats and requests name."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def player_version() -> str:
    """The installed distribution's version; ``0+source`` when run from a tree that was never installed."""
    try:
        return version("ooh-player")
    except PackageNotFoundError:
        return "0+source"
