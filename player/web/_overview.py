"""The overview: what is on, what comes, what was, and how the player and its machine are; ready for the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cache import DeliveryRow, DeliveryState, PlayRow, ServiceMode
from config import Config
from player.web._coming import ComingSlot
from player.web._sections import Section, sections
from player.web._source import Found, Source
from player.web._words import Clockface, Lamp, plain, span

KINDS: Mapping[str, str] = {
    "ad": "Paid ad",
    "house": "House ad",
    "content": "Content",
    "slate": "Slate",
    "card": "Card",
    "dark": "Dark",
}
CARDS: Mapping[str, str] = {"identify": "its name", "pattern": "the test pattern", "status": "the status card"}
SINKS: Mapping[str, str] = {"kinesis": "stream", "gateway": "gateway"}
_ENDS: Mapping[str, Lamp] = {
    "complete": Lamp("good", "complete"),
    "cut": Lamp("watch", "cut short"),
    "error": Lamp("bad", "error"),
    "crash": Lamp("bad", "crash"),
    "screen_off": Lamp("watch", "screen was off"),
}
_SENT: Mapping[DeliveryState, Lamp] = {
    DeliveryState.PENDING: Lamp("watch", "waiting"),
    DeliveryState.DELIVERED: Lamp("good", "delivered"),
    DeliveryState.EXPIRED: Lamp("bad", "expired"),
    DeliveryState.SET_ASIDE: Lamp("bad", "set aside"),
}
_TITLE_CHARACTERS = 80
_STALE_S = 30
_PLAYS = frozenset({"ad", "house", "content"})


@dataclass(frozen=True, slots=True)
class Showing:
    """What is on the screen now."""

    kind: str
    title: str
    since: str
    planned: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the slots to come."""

    kind: str
    title: str
    by: str
    """The advertiser."""
    starts: str
    planned: str


@dataclass(frozen=True, slots=True)
class Played:
    """One play that is over."""

    at: str
    kind: str
    title: str
    shown: str
    end: Lamp
    sinks: tuple[tuple[str, Lamp], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole first page."""

    lamp: Lamp
    now: str
    zone: str
    lit: bool
    """A screen lives, so there is a picture."""
    showing: Showing | None
    service: str
    """What a tech has asked of the screen; empty: nothing."""
    coming: tuple[Slot, ...] | None
    plays: tuple[Played, ...]
    sections: tuple[Section, ...]


def clockface(config: Config, source: Source) -> Clockface:
    """By the screen's own time zone; by UTC and the machine's where none is set."""
    zone = ZoneInfo(config.screen.timezone) if config.screen.timezone else None
    return Clockface(source.clock.now(), zone)


def overview(
    config: Config, found: Found, coming: tuple[ComingSlot, ...] | None, face: Clockface, now_ns: int
) -> Overview:
    """Pure. ``now_ns``: monotonic, for what was asked for a time."""
    screen = found.boards["screen"]
    local = face.now.astimezone(face.zone)
    return Overview(
        lamp=lamp_of(found, now_ns),
        now=f"{local:%H:%M:%S}",
        zone=f"{local:%Z}",
        lit=screen is not None,
        showing=_showing(screen, face),
        service=_service(found.service, face, now_ns),
        coming=None if coming is None else tuple(_slot(slot, face) for slot in coming),
        plays=tuple(_played(row, face) for row in found.plays),
        sections=sections(config, found, face),
    )


def lamp_of(found: Found, now_ns: int) -> Lamp:
    """The one word at the top. The worst that is true now."""
    screen, service = found.boards["screen"], found.service
    if screen is None:
        return Lamp("bad", "Not playing")
    if service.card is not None:
        return Lamp("watch", "Showing a card")
    if service.paused_until_ns is not None:
        return Lamp("watch", "Paused")
    if screen.get("hours_off") is True:
        return Lamp("off", "Off by its hours")
    if screen.get("display") == "off":
        return Lamp("bad", "Display is off")
    if _stands_still(screen, now_ns):
        return Lamp("bad", "Picture stands still")
    if found.boards["agent"] is None:
        return Lamp("watch", "Playing, agent is down")
    return Lamp("good", "Playing") if screen.get("showing") else Lamp("watch", "Starting")


def _stands_still(screen: Mapping[str, Any], now_ns: int) -> bool:
    """The watchdog's own word; or a play whose end is long past, for a still is one frame and new ones are not due."""
    watchdog = screen.get("watchdog")
    if isinstance(watchdog, dict) and watchdog.get("fault"):
        return True
    showing, last_ns = screen.get("showing"), screen.get("last_frame_ns")
    if not isinstance(showing, dict) or showing.get("kind") not in _PLAYS or not isinstance(last_ns, int):
        return False
    planned_ms = showing.get("planned_ms")
    planned_ns = planned_ms * 1_000_000 if isinstance(planned_ms, int) else 0
    return now_ns - last_ns > planned_ns + _STALE_S * 1_000_000_000


def _showing(screen: Mapping[str, Any] | None, face: Clockface) -> Showing | None:
    showing = (screen or {}).get("showing")
    if not isinstance(showing, dict):
        return None
    planned_ms = showing.get("planned_ms")
    panels = showing.get("panels") or ()
    return Showing(
        kind=KINDS.get(str(showing.get("kind")), "Something"),
        title=_title(showing.get("creative_id"), panels) or CARDS.get(str(showing.get("card")), ""),
        since=face.at(face.parsed(showing.get("since"))),
        planned=f"{planned_ms / 1000:g} s" if isinstance(planned_ms, int) else "–",
    )


def _slot(slot: ComingSlot, face: Clockface) -> Slot:
    starts = face.now + timedelta(milliseconds=slot.starts_in_ms)
    return Slot(
        kind=KINDS.get(slot.kind, "Something"),
        title=plain(slot.creative_id or "", _TITLE_CHARACTERS),
        by=plain(slot.advertiser or "", _TITLE_CHARACTERS),
        starts=face.at(starts),
        planned=f"{slot.planned_ms / 1000:g} s",
    )


def _played(row: PlayRow, face: Clockface) -> Played:
    play = row.play
    return Played(
        at=face.at(face.parsed(play.started_at)),
        kind=KINDS[play.kind],
        title=_title(play.creative_id, play.layout.panels),
        shown="–" if play.shown_ms is None else f"{play.shown_ms / 1000:.1f} s",
        end=_ENDS[play.end_reason],
        sinks=tuple((SINKS.get(sink, sink), _sent(delivery)) for sink, delivery in row.deliveries.items()),
    )


def _sent(delivery: DeliveryRow) -> Lamp:
    lamp = _SENT[delivery.state]
    code = plain(delivery.error or "", 60).partition(":")[0]  # what follows it is on the log's page
    return Lamp(lamp.state, f"{lamp.word}: {code}") if code else lamp


def _title(creative_id: object, panels: object) -> str:
    if creative_id:
        return plain(creative_id, _TITLE_CHARACTERS)
    return ", ".join(plain(panel, 20) for panel in panels) if isinstance(panels, (list, tuple)) else ""


def _service(service: ServiceMode, face: Clockface, now_ns: int) -> str:
    parts = []
    if service.card is not None and service.card_until_ns is not None:
        left_s = (service.card_until_ns - now_ns) / 1e9
        parts.append(f"The screen shows {CARDS[service.card]} for another {span(max(1, left_s))}.")
    if service.paused_until_ns is not None:
        until = face.at(face.now + timedelta(microseconds=(service.paused_until_ns - now_ns) / 1000))
        parts.append(f"Paused for service until {until}.")
    return " ".join(parts)
