"""The kinds of creatives that this machine can show: what exchanges are told."""

from __future__ import annotations

from player.exchange import HTML, MIMES
from renderer.prepare import browser_path


def shown_mimes() -> tuple[str, ...]:
    """Pictures always; pages when there is a browser to draw them with."""
    return MIMES if browser_path() is None else (*MIMES, HTML)
