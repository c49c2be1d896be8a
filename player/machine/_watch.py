"""Watching the machine for as long as the agent lives: keeps the ledger and the latch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cache import Clock, Folders
from player.machine._boot import boot_reason
from player.machine._disk import written_since_boot
from player.machine._figures import Meter
from player.machine._ledger import Ledger, read_latch, read_ledger, write_latch, write_ledger
from player.machine._links import Addresses, interface_addresses
from player.machine._power import Throttled, ask_firmware, read_power
from player.machine._read import day_of, now_ms, read_machine
from player.machine._roots import Roots
from player.machine._shapes import Machine, Power

log = logging.getLogger("ooh.machine")

_SAVE_EVERY_NS = 3_600 * 10**9


@dataclass(slots=True)
class MachineWatch:
    """One agent's. ``look`` now and then, ``close`` at the end; a disk that refuses costs a count, nothing else."""

    folders: Folders
    clock: Clock
    card_tbw: float = 0.0
    roots: Roots = field(default_factory=Roots)
    rescue_asked_ms: Callable[[], int | None] = lambda: None
    ask_firmware: Throttled = ask_firmware
    addresses: Addresses = interface_addresses
    _meter: Meter = field(default_factory=Meter)
    _ledger: Ledger = field(init=False)
    _saved_ns: int = field(init=False)
    _refused: bool = False

    def __post_init__(self) -> None:
        self._meter.percent(self.roots)  # the first figure is measured from here
        boot_id, count = self.clock.boot_id(), written_since_boot(self.folders.state, self.roots) or 0
        known = read_ledger(self.folders.state)
        if known is not None and known.boot_id == boot_id:
            self._ledger = replace(known, stopped=False)
        else:
            reason = boot_reason(self.roots, known, self.rescue_asked_ms())
            log.info("machine.booted", extra={"facts": {"boot_id": boot_id, "reason": reason}})
            day = day_of(self.clock)
            # All that this boot wrote counts as today's when the day was counted before, else from now on.
            today = known.today_bytes + count if known is not None and known.day == day else 0
            self._ledger = Ledger(boot_id, now_ms(self.clock), reason, day, today, count, now_ms(self.clock))
        self._save()

    def keep(self) -> None:
        """Bring the ledger and the latch up to date; cheap, and the firmware remembers its own flags."""
        self._count()
        self._latch(read_power(self.roots, lambda: None))

    def look(self) -> Machine:
        """All facts, with the ledger and the latch brought up to date."""
        self._count()
        machine = read_machine(
            self.folders,
            self.clock,
            roots=self.roots,
            meter=self._meter,
            card_tbw=self.card_tbw,
            ask_firmware=self.ask_firmware,
            addresses=self.addresses,
        )
        self._latch(machine.power)
        return machine

    def close(self) -> None:
        """The agent ends in good order: the next boot is told so."""
        self._count()
        self._ledger = replace(self._ledger, stopped=True)
        self._save()

    def _count(self) -> None:
        ledger, day = self._ledger, day_of(self.clock)
        count = written_since_boot(self.folders.state, self.roots)
        if count is not None:
            today = ledger.today_at(ledger.boot_id, day, count) or 0  # a new day begins with what is written from now
            self._ledger = replace(ledger, day=day, today_bytes=today, since_boot_bytes=count)
        if day != ledger.day or self.clock.monotonic_ns() - self._saved_ns >= _SAVE_EVERY_NS:
            self._save()

    def _save(self) -> None:
        self._saved_ns = self.clock.monotonic_ns()
        self._ledger = replace(self._ledger, saved_ms=now_ms(self.clock))
        self._write(lambda: write_ledger(self.folders.state, self._ledger))

    def _latch(self, power: Power) -> None:
        known = read_latch(self.folders.run, self.clock.boot_id())
        seen = replace(
            known,
            under_voltage=known.under_voltage or bool(power.under_voltage_since_boot),
            throttled=known.throttled or bool(power.throttled_since_boot),
        )
        if seen != known:
            facts = {"under_voltage": seen.under_voltage, "throttled": seen.throttled}
            log.warning("machine.power", extra={"facts": facts})
            self._write(lambda: write_latch(self.folders.run, seen))

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            edge, self._refused = not self._refused, True
            log.log(
                logging.WARNING if edge else logging.DEBUG, "machine.not_kept", extra={"facts": {"why": str(error)}}
            )
        else:
            self._refused = False
