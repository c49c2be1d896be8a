"""Reading all facts of the machine, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from cache import Clock, Folders
from player.machine._disk import read_disk
from player.machine._figures import Meter, read_memory, read_processor, read_system, read_uptime_s
from player.machine._ledger import read_latch, read_ledger
from player.machine._links import Addresses, interface_addresses, read_connectors, read_links
from player.machine._power import Throttled, ask_firmware, latched, read_power
from player.machine._roots import Roots
from player.machine._shapes import Boot, Machine


def read_machine(
    folders: Folders,
    clock: Clock,
    *,
    roots: Roots = Roots(),  # noqa: B008 - frozen
    meter: Meter | None = None,
    card_tbw: float = 0.0,
    ask_firmware: Throttled = ask_firmware,
    addresses: Addresses = interface_addresses,
) -> Machine:
    """The machine as it is now; what is unknown is None. Writes nothing, raises nothing, takes milliseconds.

    ``meter`` measures the processor between two readings; without one its load is unknown. ``card_tbw``: terabytes
    that may be written to the disk in its life, 0 unknown (``heartbeat.card_tbw``). What spans time (bytes written
    today, alarms since boot, the boot's reason) is what the agent has kept in the folders.
    """
    boot_id = clock.boot_id()
    ledger, latch = read_ledger(folders.state), read_latch(folders.run, boot_id)
    disk = read_disk(folders.state, roots, card_tbw)
    today = ledger.today_at(boot_id, day_of(clock), disk.written_since_boot_bytes) if ledger is not None else None
    known = ledger is not None and ledger.boot_id == boot_id
    return Machine(
        system=read_system(roots),
        boot=Boot(boot_id, read_uptime_s(roots), ledger.reason if ledger is not None and known else None),
        processor=read_processor(roots, meter),
        memory=read_memory(roots),
        power=latched(read_power(roots, ask_firmware), under_voltage=latch.under_voltage, throttled=latch.throttled),
        disk=replace(disk, written_today_bytes=today),
        links=read_links(roots, addresses),
        connectors=read_connectors(roots),
        clock=clock.state(),
    )


def day_of(clock: Clock) -> str:
    """Today, UTC."""
    return clock.now().astimezone(UTC).date().isoformat()


def now_ms(clock: Clock) -> int:
    """Milliseconds since 1970."""
    return round(clock.now().timestamp() * 1000)
