"""The words of the page: each state of the player and its machine is told, unknown is unknown."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cache import Board, ClockState, Escalation, Escalations, FeedSnapshot, QueueState, ServiceMode
from config import Config, HeartbeatConfig, ProofConfig
from player.machine import Boot, Connector, Disk, Link, Machine, Memory, Power, Processor, System
from player.web._coming import ComingSlot
from player.web._overview import lamp_of, overview
from player.web._source import Found
from player.web._words import Clockface, Fact, size, span
from tests.player.web.conftest import Desk, MakeDesk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FACE = Clockface(NOW, UTC)
S = 1_000_000_000
UNKNOWN = Machine(
    System(None, None, "6.12", "aarch64", "3.11"),
    Boot("b", None, None),
    Processor(None, None, None, None),
    Memory(None, None, None),
    Power(None, None, None, None, None, None),
    Disk(None, None, None, None, None, None, None, None, None, None, None),
    (),
    (),
    ClockState(None, None, None),
)
SHOWING = {
    "pid": 1,
    "showing": {"kind": "ad", "creative_id": "x.png", "since": "2026-11-22T11:59:58Z", "planned_ms": 8000},
}


def found(**other: Any) -> Found:
    boards = {"screen": SHOWING, "agent": {"pid": 2}, "supervisor": {"pid": 3}}
    nothing: dict[str, Any] = {
        "boards": {**boards, **other.pop("boards", {})},
        "plays": (),
        "queues": {},
        "beacons": {},
        "leases": {},
        "ready": 0,
        "journal_bytes": None,
        "snapshots": {},
        "store": None,
        "machine": UNKNOWN,
        "service": ServiceMode(),
        "escalations": Escalations(),
        "unread": (),
    }
    return Found(**{**nothing, **other})


def fact(label: str, it: Found, config: Config | None = None) -> Fact:
    view = overview(config or Config(), it, None, FACE, 0)
    (one,) = [fact for section in view.sections for fact in section.facts if fact.label == label]
    return one


@pytest.mark.parametrize(
    ("other", "state", "word"),
    [
        ({}, "good", "Playing"),
        ({"boards": {"screen": None}}, "bad", "Not playing"),
        ({"boards": {"agent": None}}, "watch", "Playing, agent is down"),
        ({"boards": {"screen": {"pid": 1, "showing": None}}}, "watch", "Starting"),
        ({"boards": {"screen": {**SHOWING, "hours_off": True}}}, "off", "Off by its hours"),
        ({"boards": {"screen": {**SHOWING, "display": "off"}}}, "bad", "Display is off"),
        ({"boards": {"screen": {**SHOWING, "last_frame_ns": 50 * S}}}, "bad", "Picture stands still"),
        ({"boards": {"screen": {**SHOWING, "last_frame_ns": 70 * S}}}, "good", "Playing"),
        ({"boards": {"screen": {"pid": 1, "showing": {"kind": "slate"}, "last_frame_ns": S}}}, "good", "Playing"),
        ({"boards": {"screen": {**SHOWING, "watchdog": {"fault": "watchdog.surface"}}}}, "bad", "Picture stands still"),
        ({"service": ServiceMode("identify", 200 * S, None)}, "watch", "Showing a card"),
        ({"service": ServiceMode(None, None, 200 * S)}, "watch", "Paused"),
        ({"boards": {"screen": None}, "service": ServiceMode(None, None, 200 * S)}, "bad", "Not playing"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_the_one_word_at_the_top(other: dict[str, Any], state: str, word: str) -> None:
    lamp = lamp_of(found(**other), 100 * S)
    assert (lamp.state, lamp.word) == (state, word)


@pytest.mark.parametrize(
    ("label", "machine", "state", "value"),
    [
        ("Temperature", UNKNOWN, "info", "unknown"),
        ("Temperature", replace(UNKNOWN, processor=Processor(4, 10, 1, 55.4)), "good", "55 °C"),
        ("Temperature", replace(UNKNOWN, processor=Processor(4, 10, 1, 74)), "watch", "74 °C"),
        ("Temperature", replace(UNKNOWN, processor=Processor(4, 10, 1, 85)), "bad", "85 °C"),
        ("Power", UNKNOWN, "info", "unknown"),
        ("Power", replace(UNKNOWN, power=Power(True, True, None, None, True, True)), "bad", "under-voltage"),
        ("Power", replace(UNKNOWN, power=Power(False, True, None, None, None, True)), "bad", "slowed down"),
        (
            "Power",
            replace(UNKNOWN, power=Power(False, False, None, None, True, False)),
            "watch",
            "good now, under-voltage since boot",
        ),
        ("Power", replace(UNKNOWN, power=Power(False, False, None, None, False, False)), "good", "good, never"),
        ("Disk", UNKNOWN, "good", "unknown free of unknown"),
        ("Clock", UNKNOWN, "watch", "not known"),
        ("Clock", replace(UNKNOWN, clock=ClockState(synced=False, source=None, offset_ms=None)), "watch", "not sync"),
        (
            "Clock",
            replace(UNKNOWN, clock=ClockState(synced=True, source="ntp", offset_ms=3)),
            "good",
            "synchronised by",
        ),
        ("Network", UNKNOWN, "bad", "no link"),
        ("eth0", replace(UNKNOWN, links=(Link("eth0", "wired", True, ("10.0.0.2",), 1000, None),)), "good", "10.0.0.2"),
        ("wlan0", replace(UNKNOWN, links=(Link("wlan0", "wifi", False, (), None, -70),)), "off", "down"),
        (
            "HDMI-A-1",
            replace(UNKNOWN, connectors=(Connector("HDMI-A-1", "connected", "1x1", None, None),)),
            "good",
            "conn",
        ),
        (
            "HDMI-A-1",
            replace(UNKNOWN, connectors=(Connector("HDMI-A-1", "disconnected", None, None, None),)),
            "off",
            "dis",
        ),
    ],
)
def test_the_machine_in_words(label: str, machine: Machine, state: str, value: str) -> None:
    told = fact(label, found(machine=machine))
    assert told.state == state
    assert told.value.startswith(value)


@pytest.mark.parametrize(
    ("disk", "state", "told"),
    [
        ({}, "info", "its wear is unknown"),
        ({"written_today_bytes": 2_000_000_000}, "info", "2.0 GB written today"),
        ({"life_percent_used": 12.0, "life": "estimated"}, "good", "12 % of its life used (estimated)"),
        ({"life_percent_used": 91.0, "life": "measured"}, "watch", "91 % of its life used (measured)"),
        ({"errors": 3}, "bad", "3 file system errors"),
    ],
)
def test_the_card_in_words(disk: dict[str, Any], state: str, told: str) -> None:
    card = fact("Card", found(machine=replace(UNKNOWN, disk=replace(UNKNOWN.disk, **disk))))
    assert (card.state, card.value) == (state, told)


def test_a_full_or_a_read_only_disk_is_bad() -> None:
    full = replace(UNKNOWN.disk, free_bytes=1_000, total_bytes=10**10)
    worn = replace(UNKNOWN.disk, free_bytes=10**10, read_only=True)
    for disk in (full, worn):
        told = fact("Disk", found(machine=replace(UNKNOWN, disk=disk)))
        assert told.state == "bad"
        assert told.note


def test_what_the_watchdog_did_is_told() -> None:
    last = Escalation("process", "watchdog.surface", "2026-11-22T11:50:00Z")
    counts = {"renderer": 3, "process": 1, "service": 0, "reboot": 0}
    told = fact("Watchdog", found(escalations=Escalations(counts, last)))  # type: ignore[arg-type]
    assert told.state == "watch"
    assert told.value == "renderer opened anew 3×, process ended 1×"
    assert told.note == "last 10 min ago: watchdog.surface"
    assert fact("Watchdog", found()).state == "good"


def test_a_queue_tells_its_oldest_and_its_error() -> None:
    queue = QueueState(3, 100, 0, 0, "2026-11-22T11:00:00Z")
    config = Config(proof=ProofConfig(stream="plays"))
    agent = {"pid": 2, "delivery": {"error": "delivery.throttled"}}
    told = fact("Stream", found(queues={"kinesis": queue}, boards={"agent": agent}), config)
    assert (told.state, told.value) == ("bad", "3 waiting, 100 delivered")
    assert told.note == "oldest since 11:00:00; last error delivery.throttled"
    assert fact("Stream", found()).value.startswith("none is set up")


def test_feeds_tell_their_age_and_why_they_are_old() -> None:
    old = FeedSnapshot("weather", NOW - timedelta(hours=3), 3_600_000, "", {})
    agent = {"pid": 2, "feeds": {"weather": "feed.unreachable", "scores": None}}
    it = found(snapshots={"weather": old}, boards={"agent": agent})
    assert fact("Weather", it) == Fact("Weather", "fetched 3 h ago", "watch", "last answer feed.unreachable")
    assert fact("Scores", it).value == "nothing fetched yet"


def test_what_comes_next_has_its_time() -> None:
    coming = (ComingSlot("ad", 8_000, 3_000, "x.png", "brand.example", "ex"), ComingSlot("slate", 10_000, 11_000))
    view = overview(Config(), found(), coming, FACE, 0)
    assert view.coming is not None
    assert [(slot.starts, slot.kind, slot.title, slot.by) for slot in view.coming] == [
        ("12:00:03", "Paid ad", "x.png", "brand.example"),
        ("12:00:11", "Slate", "", ""),
    ]


def test_a_dead_process_s_board_is_no_process(desk: Desk) -> None:
    board = Board(desk.site.folders.run, "screen")
    board.write({"pid": os.getpid(), "showing": SHOWING["showing"]})
    assert "Playing" in desk.browser().get("/").text
    board.write({"pid": 2**22 - 7, "showing": SHOWING["showing"]})
    assert "Not playing" in desk.browser().get("/").text
    assert "No picture" in desk.browser().get("/").text


def test_the_card_s_wear_is_estimated_by_what_the_configuration_says_of_it(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def machine(*_: object, card_tbw: float = 0.0, **__: object) -> Machine:
        return replace(UNKNOWN, disk=replace(UNKNOWN.disk, life_percent_used=card_tbw * 5, life="estimated"))

    monkeypatch.setattr("player.web._source.read_machine", machine)
    desk = make_desk(Config(heartbeat=HeartbeatConfig(card_tbw=8.0)))
    assert "40 % of its life used (estimated)" in desk.browser().get("/").text


def test_a_journal_that_cannot_be_read_is_told(desk: Desk) -> None:
    (desk.site.folders.state / "journal.db").mkdir()
    page = desk.browser().get("/")
    assert page.status_code == 200
    assert "journal.unavailable" in page.text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "0 s"), (59, "59 s"), (60, "1 min"), (61, "61 s"), (150, "2 min"), (7200, "2 h"), (200_000, "2 d")],
)
def test_spans(seconds: float, told: str) -> None:
    assert span(seconds) == told


@pytest.mark.parametrize(
    ("size_bytes", "told"),
    [(None, "unknown"), (0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (16_000_000, "16 MB"), (2e12, "2.0 TB")],
)
def test_sizes(size_bytes: float | None, told: str) -> None:
    assert size(size_bytes) == told


def test_a_moment_of_another_day_has_its_date() -> None:
    assert FACE.at(NOW) == "12:00:00"
    assert FACE.at(NOW - timedelta(days=1)) == "21 Nov 12:00"
    assert FACE.at(None) == "–"
    assert FACE.parsed("2026-11-22T12:00:00") is None
    assert FACE.parsed({}) is None
    assert FACE.ago(None) == "never"
    assert FACE.ago(NOW + timedelta(seconds=20)) == "in 20 s"
