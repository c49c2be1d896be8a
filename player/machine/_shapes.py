"""The facts of the board. ``None`` is unknown, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cache import ClockState

BootReason = Literal["watchdog", "panic", "rescue", "reboot", "power"]
LinkKind = Literal["wired", "wifi", "mobile", "other"]
Life = Literal["measured", "estimated"]


@dataclass(frozen=True, slots=True)
class Processor:
    """The processors, all of them together."""

    cores: int | None
    percent: float | None
    """Mean load since the meter was read before, 0 to 100 of all cores; None the first time."""
    load_1m: float | None
    temperature_c: float | None


@dataclass(frozen=True, slots=True)
class Memory:
    """The board's memory."""

    total_bytes: int | None
    available_bytes: int | None
    """What programs can still have without swapping (``MemAvailable``)."""
    limits_hold: bool | None
    """Whether systemd's ``MemoryMax=`` holds: the firmware of a Raspberry Pi turns the memory cgroup off."""


@dataclass(frozen=True, slots=True)
class Power:
    """The supply and what the board does to live with it. ``*_since_boot`` is latched: once seen, it stays True."""

    under_voltage: bool | None
    throttled: bool | None
    """Slowed down now, by heat or for want of power."""
    frequency_capped: bool | None
    soft_temperature_limit: bool | None
    under_voltage_since_boot: bool | None
    throttled_since_boot: bool | None


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that holds the journal."""

    device: str | None
    """The whole disk, such as ``mmcblk0``."""
    filesystem: str | None
    total_bytes: int | None
    free_bytes: int | None
    """What the player may still write."""
    read_only: bool | None
    errors: int | None
    """Errors that ext4 noted on this file system, ever."""
    written_since_boot_bytes: int | None
    written_today_bytes: int | None
    """Written to the whole disk by all programs since midnight UTC, or since the player first counted that day."""
    written_ever_bytes: int | None
    """Written to the file system in its life (ext4 counts it)."""
    life_percent_used: float | None
    """0 is new; 100 is what the maker promises."""
    life: Life | None
    """``measured``: the chip says so (eMMC); ``estimated``: written_ever_bytes of ``heartbeat.card_tbw``."""


@dataclass(frozen=True, slots=True)
class Link:
    """One way to the network."""

    name: str
    kind: LinkKind
    up: bool | None
    addresses: tuple[str, ...]
    """IPv4 and IPv6, without IPv6 link-local ones."""
    speed_mbit: int | None
    signal_dbm: int | None
    """Of Wi-Fi."""


@dataclass(frozen=True, slots=True)
class Connector:
    """One display connector of the kernel's mode setting (DRM)."""

    name: str
    """Such as ``HDMI-A-1``."""
    status: Literal["connected", "disconnected"] | None
    mode: str | None
    """What the display prefers, such as ``1920x1080``; what is set is known to the screen."""
    power: Literal["on", "standby", "suspend", "off"] | None
    """As the kernel sends it: "on" is no proof of light."""
    edid_sha256: str | None
    """Of the display's own description: another display has another."""


@dataclass(frozen=True, slots=True)
class Boot:
    """This boot of the machine."""

    id: str
    uptime_s: float | None
    reason: BootReason | None
    """What ended the boot before. ``watchdog``: the hardware watchdog; ``panic``: the kernel left a crash dump;
    ``rescue``: the player's own watchdog asked for it; ``reboot``: the player had been stopped in good order;
    ``power``: it had not, as when the power is cut."""


@dataclass(frozen=True, slots=True)
class System:
    """What runs here."""

    model: str | None
    os: str | None
    kernel: str
    architecture: str
    python: str


@dataclass(frozen=True, slots=True)
class Machine:
    """All of it."""

    system: System
    boot: Boot
    processor: Processor
    memory: Memory
    power: Power
    disk: Disk
    links: tuple[Link, ...]
    connectors: tuple[Connector, ...]
    clock: ClockState
