"""The machine in a few lines, for ``status``."""

from __future__ import annotations

from player.machine import Disk, Link, Machine, Power


def machine_lines(machine: Machine) -> list[str]:
    """Board, disk and network; what is unknown is left out."""
    heat, memory = machine.processor.temperature_c, machine.memory.available_bytes
    board = [
        machine.system.model or machine.system.architecture,
        None if heat is None else f"{heat:.0f} °C",
        None if memory is None else f"{memory / 1e6:.0f} MB of memory free",
        _power(machine.power),
        None if machine.boot.reason is None else f"started after {_REASONS[machine.boot.reason]}",
    ]
    links = ", ".join(_link(link) for link in machine.links)
    return [
        f"  machine     {_joined(board)}",
        f"  disk        {_joined(_disk(machine.disk)) or 'unknown'}",
        f"  network     {links or 'no link'}",
    ]


_REASONS = {
    "watchdog": "the hardware watchdog had fired",
    "panic": "the kernel had crashed",
    "rescue": "the player had asked for a reboot",
    "reboot": "a reboot",
    "power": "a power cut",
}


def _joined(parts: list[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _power(power: Power) -> str | None:
    if power.under_voltage:
        return "too little voltage"
    if power.under_voltage_since_boot:
        return "had too little voltage since boot"
    if power.throttled:
        return "slowed down by heat"
    return "was slowed down since boot" if power.throttled_since_boot else None


def _disk(disk: Disk) -> list[str | None]:
    room = disk.free_bytes is not None and disk.total_bytes is not None
    return [
        f"{(disk.free_bytes or 0) / 1e9:.1f} of {(disk.total_bytes or 0) / 1e9:.1f} GB free" if room else None,
        None if disk.written_today_bytes is None else f"{disk.written_today_bytes / 1e6:.0f} MB written today",
        None if disk.life_percent_used is None else f"{disk.life_percent_used:.0f} % of its life used ({disk.life})",
        "read-only" if disk.read_only else None,
        f"{disk.errors} errors noted" if disk.errors else None,
    ]


def _link(link: Link) -> str:
    state = "" if link.up else "down" if link.up is False else "unknown"
    signal = "" if link.signal_dbm is None else f"{link.signal_dbm} dBm"
    return " ".join(part for part in (link.name, state, " ".join(link.addresses), signal) if part)
