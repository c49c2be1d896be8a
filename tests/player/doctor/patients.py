"""Patients: a healthy one, and what a test makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cache import ClockState, Folders
from config import Config, OohError
from player.doctor import Finding, Name, Patient, PlainAnswer, User, Visits, visit_targets
from player.fetch import HttpAnswer
from player.machine import Boot, Connector, Disk, Link, Machine, Memory, Power, Processor, Roots, System
from renderer.panels import FONTS
from tests.fakes import FakeClock
from tests.player.fake_http import FakeHttp

ETHERNET = Link("eth0", "wired", up=True, addresses=("192.168.1.7",), speed_mbit=1000, signal_dbm=None)
HDMI = Connector("HDMI-A-1", "connected", "1920x1080", "on", "ab" * 32)

HEALTHY = Machine(
    system=System("Raspberry Pi 4", "Debian 12", "6.1", "aarch64", "3.11.2"),
    boot=Boot("b", 100.0, None),
    processor=Processor(4, 10.0, 0.2, 55.0),
    memory=Memory(4_000_000_000, 3_000_000_000, limits_hold=True),
    power=Power(
        under_voltage=False,
        throttled=False,
        frequency_capped=False,
        soft_temperature_limit=False,
        under_voltage_since_boot=False,
        throttled_since_boot=False,
    ),
    disk=Disk("mmcblk0", "ext4", 10**10, 5 * 10**9, False, 0, 10**6, 10**6, 10**9, 3.0, "estimated"),
    links=(ETHERNET,),
    connectors=(HDMI,),
    clock=ClockState(synced=True, source="timesyncd", offset_ms=0.0),
)


@dataclass
class FakeNet:
    """Names as told, else known at a public address; plain answers as told, else none."""

    names: Mapping[str, Name] = field(default_factory=dict)
    plain: Mapping[str, PlainAnswer] = field(default_factory=dict)
    listening: bool = False

    def look_up(self, host: str, timeout_s: float) -> Name:
        assert 0 < timeout_s < 8
        return self.names.get(host, Name(host, "known", ("93.184.216.34",)))

    def ask_plainly(self, host: str, port: int, timeout_s: float) -> PlainAnswer | None:
        assert 0 < timeout_s < 8
        return self.plain.get(f"{host}:{port}")

    def listens(self, host: str, port: int, timeout_s: float) -> bool:  # noqa: ARG002 - the edge's shape
        return self.listening


def patient(
    folder: Path,
    config: Config = Config(),  # noqa: B008 - frozen
    *,
    http: FakeHttp | None = None,
    clock: FakeClock | None = None,
    machine: Machine = HEALTHY,
    **others: Any,
) -> Patient:
    """A screen in ``folder`` on a healthy machine."""
    clock = clock or FakeClock()
    roots = Roots(*(folder / name for name in ("proc", "sys", "run", "etc", "var")))
    made = Patient(
        config=config,
        folders=Folders(state=folder / "state", run=folder / "run"),
        clock=clock,
        environ={},
        machine=lambda: machine,
        visits=Visits(http or FakeHttp(HttpAnswer(200, {}, b"")), clock, visit_targets(config)),
        net=FakeNet(),
        user=User.of_process(),
        roots=roots,
        dev=folder / "dev",
        opt=folder / "opt",
        fonts=FONTS,
    )
    return replace(made, **others)


def is_told(finding: Finding | None, grade: str, what: str, step: str = "") -> bool:
    """The grade is right, and both lines hold what a tech must read."""
    assert finding is not None
    assert finding.grade == grade, finding
    assert what in finding.what, finding
    assert step in finding.next_step, finding
    assert grade == "ok" or finding.next_step, finding
    assert "\n" not in finding.what + finding.next_step
    return True


def answers(status: int, **headers: str) -> FakeHttp:
    """A server that says this to everybody."""
    return FakeHttp(HttpAnswer(status, {name.replace("_", "-"): text for name, text in headers.items()}, b""))


def refuses(error: OohError) -> FakeHttp:
    """A network on which every request ends like this."""
    return FakeHttp(error)
