"""Facts of a screen for tests: a usual one, and the largest that the bounds allow."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib.resources import files
from string import ascii_letters
from typing import Any

from jsonschema import Draft202012Validator

from cache import ClockState, Escalation, Escalations, JournalHealth, LeaseState, PlayCounts, QueueState, new_id
from player.heartbeat import CacheUse, Facts, Queue, document
from player.machine import Boot, Connector, Disk, Link, Machine, Memory, Power, Processor, System
from tests.fakes import FakeClock

PLAY_ID = "019a0b6c-10a1-7c52-8b1e-2d4f6a8c0e13"
ESCALATION = Escalation("renderer", "watchdog.surface", "2026-11-21T03:12:40.118Z")


@cache
def validator() -> Draft202012Validator:
    """Of the schema in the repository."""
    schema = json.loads(files("cache").joinpath("ooh.heartbeat-1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(told: object) -> list[str]:
    """What is wrong with a heartbeat."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(told)]


def machine() -> Machine:
    """A Raspberry Pi in a bar."""
    disk = Disk(
        device="mmcblk0",
        filesystem="ext4",
        total_bytes=31_268_536_320,
        free_bytes=24_117_248_000,
        read_only=False,
        errors=0,
        written_since_boot_bytes=3_481_600_000,
        written_today_bytes=412_123_136,
        written_ever_bytes=913_408_000_000,
        life_percent_used=3.0,
        life="estimated",
    )
    return Machine(
        system=System(
            model="Raspberry Pi 4 Model B Rev 1.5",
            os="Debian GNU/Linux 12 (bookworm)",
            kernel="6.12.20+rpt-rpi-v8",
            architecture="aarch64",
            python="3.11.2",
        ),
        boot=Boot("7be2a1de-2c2f-4a3e-9a55-0d0b7f1d7c11", 703_112.5, "power"),
        processor=Processor(4, 11.2, 0.38, 58.4),
        memory=Memory(1_982_345_216, 1_390_211_072, limits_hold=False),
        power=Power(False, False, False, False, under_voltage_since_boot=True, throttled_since_boot=False),
        disk=disk,
        links=(
            Link("eth0", "wired", True, ("10.20.4.17", "2001:db8:4::17"), 1_000, None),
            Link("wlan0", "wifi", False, (), None, None),
        ),
        connectors=(
            Connector("HDMI-A-1", "connected", "1920x1080", "on", "5f" * 32),
            Connector("HDMI-A-2", "disconnected", None, "off", None),
        ),
        clock=ClockState(True, "timesyncd", 0.42),
    )


def facts(clock: FakeClock, **changes: Any) -> Facts:
    """As an agent gathers them."""
    process = {"pid": 812, "rss_bytes": 71_303_168, "pss_bytes": 58_720_256, "cpu_s": 1_204.5, "threads": 14}
    values: dict[str, Any] = {
        "id": new_id(clock),
        "seq": 412,
        "sent_at": clock.now(),
        "uptime_s": 24_731.345,
        "screen_id": "berlin-3",
        "venue_id": "bar-77",
        "player_version": "0.1.0",
        "recipe": 3,
        "config_hash": "9f2c61b07d3ae845",
        "machine": machine(),
        "processes": {
            "agent": process,
            "screen": {**process, "pid": 811, "rss_bytes": 96_468_992, "threads": 9},
            "supervisor": None,
            "web": None,
        },
        "screen": board(),
        "last_frame_age_s": 3.418,
        "escalations": Escalations({"renderer": 1, "process": 0, "service": 0, "reboot": 0}, ESCALATION).as_json(),
        "leases": {LeaseState.PREPARED: 4, LeaseState.PLAYED: 91_204, LeaseState.RELEASED: 310, LeaseState.FAILED: 7},
        "ahead_ms": 40_000,
        "exchanges": {"main": {"asked": 96, "filled": 71, "no_fill": 22, "failed": 1, "refused": 2, "down": False}},
        "plays": counts(91_204, 17_700),
        "plays_before": counts(91_199, 17_699),
        "errors": {"creative.corrupt": 2, "fetch.timeout": 1},
        "errors_before": {"creative.corrupt": 1, "fetch.timeout": 1},
        "journal": JournalHealth(0, 0, (), 41_943_040, 61_234.5, 5.25),
        "key_id": "0123456789abcdef",
        "cache": CacheUse(412_876_800, 2_000_000_000, 38, 41),
        "sink": "kinesis",
        "queue": QueueState(3, 108_901, 0, 0, "2026-11-22T11:58:58.700Z"),
        "delivery_error": None,
        "gateway": None,
        "gateway_error": None,
        "beacons": {"PENDING": 1, "DELIVERED": 182_333, "EXPIRED": 0},
        "queues": {
            "kinesis": Queue(3, clock.now() - timedelta(seconds=61.3)),
            "beacons": Queue(1, clock.now() - timedelta(seconds=0.9)),
        },
        "feeds": {"weather": clock.now() - timedelta(minutes=7)},
        "jobs": {
            name: {"runs": 400, "errors": 0, "last_error": None} for name in ("size", "ask-main", "delivery", "beacons")
        },
    }
    return Facts(**(values | changes))


def board() -> dict[str, Any]:
    """The screen's."""
    showing = {
        "kind": "ad",
        "id": PLAY_ID,
        "seq": 108_905,
        "creative_id": "kestrel-coffee-4",
        "panels": ["weather", "clock"],
        "since": "2026-11-22T11:59:56.582Z",
        "planned_ms": 10_000,
    }
    return {
        "pid": 811,
        "driver": "KMSDRM",
        "back_end": "gpu",
        "size": "1920x1080",
        "refresh_hz": 60.0,
        "display": "on",
        "display_evidence": "kms: HDMI-A-1 connected, on",
        "showing": showing,
        "first_frame_ms": 612,
        "frames": 5_211_903,
        "frames_late": 17,
        "journal_errors": 0,
        "journal_lost": 0,
        "brightness": 100,
        "hours_off": False,
        "power": "on",
        "service": {"card": None, "card_until": None, "paused_until": None},
        "watchdog": {"fault": None, "mended": 0},
        "errors": {"creative.corrupt": 1},
        "versions": {"sdl": "2.32.10", "pygame": "2.5.8"},
    }


def counts(ads: int, others: int) -> PlayCounts:
    """Plays ever."""
    whole = ads + others
    return PlayCounts(
        whole + 1,
        whole,
        {"ad": ads, "house": 9_204, "content": others - 9_204},
        {"complete": whole - 3, "cut": 3},
        whole,
    )


def worst(clock: FakeClock) -> Facts:
    """Everything at its bound, with names that do not repeat themselves."""
    dice = random.Random(1)
    long = ["".join(dice.choices(ascii_letters, k=200)) for _ in range(100)]
    tally = {"asked": 9**12, "filled": 9**12, "no_fill": 9**12, "failed": 9**12, "refused": 9**12, "down": True}
    addresses = tuple(f"2001:db8:ffff:ffff:ffff:ffff:ffff:{number:x}" for number in range(8))
    base = machine()
    return replace(
        facts(clock),
        screen_id="s" * 64,
        venue_id=long[0],
        machine=replace(
            base,
            links=tuple(Link(f"wlan{n}", "wifi", True, addresses, 1_000, -50) for n in range(8)),
            connectors=tuple(Connector(f"DP-{n}", "connected", "7680x4320", "on", f"{n:x}" * 64) for n in range(8)),
        ),
        exchanges=dict.fromkeys(long[:40], tally),
        errors={f"{name[:60]}.code": 9**9 for name in long},
        errors_before={},
        queues={name: Queue(9**9, clock.now()) for name in ("kinesis", "gateway", "beacons")},
        feeds=dict.fromkeys(("weather", "scores", "clock", "headlines", "brand"), clock.now()),
        jobs={name: {"runs": 9**9, "errors": 9**9, "last_error": name[:60]} for name in long},
        journal=JournalHealth(9**9, 9**9, tuple(long[:20]), 9**12, 9.9**9, 9.9**4),
    )


def told(clock: FakeClock, **changes: Any) -> dict[str, Any]:
    """The document of the usual facts, as a receiver reads it."""
    read: dict[str, Any] = json.loads(json.dumps(document(facts(clock, **changes))))
    return read
