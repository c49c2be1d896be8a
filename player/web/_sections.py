"""The sections of facts: the player, what it sends, what it holds, and the machine below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cache import LeaseState, QueueState
from config import Config
from player.machine import Connector, Link, Machine
from player.web._source import Found
from player.web._words import Clockface, Fact, State, plain, size, span

_HOT_C, _WARM_C = 80.0, 70.0
_WORN_PERCENT = 80.0
_LEAST_FREE_BYTES = 200_000_000
_PARTS = ("screen", "agent", "supervisor")
_STEPS: Mapping[str, str] = {
    "renderer": "renderer opened anew",
    "process": "process ended",
    "service": "service restarted",
    "reboot": "machine rebooted",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a name for links, and its facts."""

    name: str
    heading: str
    facts: tuple[Fact, ...]


def sections(config: Config, found: Found, face: Clockface) -> tuple[Section, ...]:
    """In the order in which a tech asks."""
    machine = tuple(_machine(found.machine)) if found.machine is not None else ()
    network = tuple(_network(found.machine)) if found.machine is not None else ()
    return (
        Section("player", "Player", tuple(_player(found, face))),
        Section("delivery", "Proof of play", tuple(_delivery(config, found, face))),
        Section("content", "Ads and content", tuple(_content(config, found, face))),
        Section("machine", "Machine", machine),
        Section("network", "Network and clock", network),
    )


def _player(found: Found, face: Clockface) -> Iterator[Fact]:
    for part in _PARTS:
        board = found.boards[part]  # type: ignore[index]
        if board is None and part == "supervisor":
            continue  # under systemd there is none
        yield Fact(part.capitalize(), "running" if board else "not running", "good" if board else "bad")
    screen = found.boards["screen"] or {}
    if screen.get("driver"):
        yield Fact("Output", plain(f"{screen.get('size')} by {screen.get('driver')}, {screen.get('back_end')}", 60))
    power, lit = screen.get("power"), screen.get("display")
    if power in {"on", "off"} or lit in {"on", "off"}:
        state = power if power in {"on", "off"} else lit
        yield Fact("Display", str(state), "good" if state == "on" else "watch")
    if isinstance(screen.get("frames_late"), int):
        yield Fact("Frames", f"{screen.get('frames', 0)} presented, {screen['frames_late']} late or left out")
    yield _watchdog(found, face)
    for code in found.unread:
        yield Fact("Not readable", code, "bad")


def _watchdog(found: Found, face: Clockface) -> Fact:
    told = found.escalations
    watch = (found.boards["screen"] or {}).get("watchdog")
    if isinstance(watch, dict) and watch.get("fault"):
        return Fact("Watchdog", f"sees a fault: {plain(watch['fault'], 60)}", "bad", "it mends it step by step")
    if told.last is None:
        return Fact("Watchdog", "never had to act", "good")
    counts = ", ".join(f"{_STEPS[step]} {count}×" for step, count in told.counts.items() if count)
    last = f"last {face.ago(face.parsed(told.last.at))}: {plain(told.last.reason, 60)}"
    return Fact("Watchdog", counts or "acted", "watch", last)


def _delivery(config: Config, found: Found, face: Clockface) -> Iterator[Fact]:
    agent = found.boards["agent"] or {}
    for sink, label in (("kinesis", "Stream"), ("gateway", "Gateway")):
        queue = found.queues.get(sink)
        if queue is not None:
            told = agent.get("delivery" if sink == "kinesis" else "gateway")
            yield _queue(label, queue, told.get("error") if isinstance(told, dict) else None, face)
    if not config.proof.sinks():
        yield Fact("Stream", "none is set up: plays stay in the journal", "watch")
    waiting = found.beacons.get("PENDING", 0)
    expired = found.beacons.get("EXPIRED", 0)
    yield Fact("Beacons", f"{waiting} waiting, {found.beacons.get('DELIVERED', 0)} called", note=_expired(expired))
    if found.journal_bytes is not None:
        yield Fact("Journal", size(found.journal_bytes))


def _expired(count: int) -> str:
    return f"{count} expired: their servers never answered" if count else ""


def _queue(label: str, queue: QueueState, error: object, face: Clockface) -> Fact:
    state: State = "bad" if error else "good"
    value = f"{queue.pending} waiting, {queue.delivered} delivered"
    note = f"last error {plain(error, 60)}" if error else ""
    if queue.pending and queue.oldest_pending_at:
        note = f"oldest since {face.at(face.parsed(queue.oldest_pending_at))}" + (f"; {note}" if note else "")
    if queue.set_aside:
        value, state = f"{value}, {queue.set_aside} set aside", "bad"
    return Fact(label, value, state, note)


def _content(config: Config, found: Found, face: Clockface) -> Iterator[Fact]:
    agent = found.boards["agent"] or {}
    if found.ready is not None:
        has_exchange = bool(config.exchange)
        state: State = "good" if found.ready else ("watch" if has_exchange else "info")
        yield Fact("Paid ads ready", str(found.ready), state, _leases(found.leases))
    for name, tally in _tables(agent.get("exchanges")):
        down = tally.get("down") is True
        asked = f"asked {tally.get('asked', 0)}×, {tally.get('filled', 0)} ads, {tally.get('no_fill', 0)} without"
        failed = tally.get("failed", 0)
        note = "its host is held to be down" if down else (f"{failed} requests failed" if failed else "")
        yield Fact(plain(name, 40), asked, "bad" if down else "good", note)
    if not config.exchange:
        yield Fact("Exchange", "none is set up", "watch")
    if found.store is not None:
        used, files = found.store
        share = 100 * used / config.cache.max_bytes
        yield Fact("Cache", f"{size(used)} of {size(config.cache.max_bytes)}", note=f"{files} files, {share:.0f} %")
    codes = agent.get("feeds")
    for kind, snapshot in sorted(found.snapshots.items()):
        fresh = snapshot.fresh(face.now)
        code = codes.get(kind) if isinstance(codes, dict) else None
        note = f"last answer {plain(code, 60)}" if code else ("" if fresh else "too old to be shown")
        yield Fact(kind.capitalize(), f"fetched {face.ago(snapshot.fetched_at)}", "good" if fresh else "watch", note)
    if isinstance(codes, dict):
        for kind in sorted(set(codes) - set(found.snapshots)):
            why = plain(codes[kind], 60) if codes[kind] else "no answer yet"
            yield Fact(plain(kind, 20).capitalize(), "nothing fetched yet", "watch", why)


def _leases(leases: Mapping[LeaseState, int]) -> str:
    living = (LeaseState.OFFERED, LeaseState.CACHED, LeaseState.PREPARED, LeaseState.PLAYING)
    return ", ".join(f"{leases[state]} {state.value.lower()}" for state in living if leases.get(state))


def _tables(told: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(told, dict):
        yield from ((str(name), table) for name, table in told.items() if isinstance(table, dict))


def _machine(machine: Machine) -> Iterator[Fact]:
    processor, memory, disk = machine.processor, machine.memory, machine.disk
    yield _temperature(processor.temperature_c)
    yield _power(machine)
    load = "unknown" if processor.percent is None else f"{processor.percent:.0f} % of {processor.cores} cores"
    yield Fact("Processor", load)
    if memory.total_bytes:
        yield Fact("Memory", f"{size(memory.available_bytes)} free of {size(memory.total_bytes)}")
    state: State = "good"
    note = ""
    if disk.read_only:
        state, note = "bad", "it is read-only: the card may be worn out"
    elif disk.free_bytes is not None and disk.free_bytes < _LEAST_FREE_BYTES:
        state, note = "bad", "almost full"
    yield Fact("Disk", f"{size(disk.free_bytes)} free of {size(disk.total_bytes)}", state, note)
    yield _wear(machine)
    if machine.boot.uptime_s is not None:
        reason = f"started after: {machine.boot.reason}" if machine.boot.reason else ""
        yield Fact("Up since", f"{span(machine.boot.uptime_s)} ago", note=reason)
    for connector in machine.connectors:
        yield _connector(connector)
    yield Fact(
        "Board", plain(machine.system.model or machine.system.architecture, 60), note=plain(machine.system.os or "", 60)
    )


def _temperature(celsius: float | None) -> Fact:
    if celsius is None:
        return Fact("Temperature", "unknown")
    state: State = "bad" if celsius >= _HOT_C else "watch" if celsius >= _WARM_C else "good"
    return Fact("Temperature", f"{celsius:.0f} °C", state, "it slows down to cool" if state == "bad" else "")


def _power(machine: Machine) -> Fact:
    power = machine.power
    if power.under_voltage or power.throttled:
        what = "under-voltage" if power.under_voltage else "slowed down"
        return Fact("Power", what, "bad", "use the board's own power supply and a short cable")
    if power.under_voltage_since_boot or power.throttled_since_boot:
        what = "under-voltage" if power.under_voltage_since_boot else "slowed down"
        return Fact("Power", f"good now, {what} since boot", "watch")
    if power.under_voltage is None and power.throttled is None:
        return Fact("Power", "unknown", note="this board does not say")
    return Fact("Power", "good, never slowed down since boot", "good")


def _wear(machine: Machine) -> Fact:
    disk = machine.disk
    today = f"{size(disk.written_today_bytes)} written today" if disk.written_today_bytes is not None else ""
    if disk.errors:
        return Fact("Card", f"{disk.errors} file system errors", "bad", today or "replace the card")
    if disk.life_percent_used is None:
        return Fact("Card", today or "its wear is unknown")
    state: State = "watch" if disk.life_percent_used >= _WORN_PERCENT else "good"
    return Fact("Card", f"{disk.life_percent_used:.0f} % of its life used ({disk.life})", state, today)


def _connector(connector: Connector) -> Fact:
    if connector.status is None:
        return Fact(connector.name, "unknown")
    note = f"prefers {connector.mode}" if connector.mode else ""
    return Fact(connector.name, connector.status, "good" if connector.status == "connected" else "off", note)


def _network(machine: Machine) -> Iterator[Fact]:
    for link in machine.links:
        yield _link(link)
    if not machine.links:
        yield Fact("Network", "no link", "bad")
    clock = machine.clock
    offset = "" if clock.offset_ms is None else f"off by {clock.offset_ms:.0f} ms"
    if clock.synced:
        yield Fact("Clock", f"synchronised by {plain(clock.source or 'the machine', 40)}", "good", offset)
    else:
        word = "not synchronised" if clock.synced is False else "not known to be synchronised"
        yield Fact("Clock", word, "watch", offset)


def _link(link: Link) -> Fact:
    addresses = ", ".join(plain(address, 60) for address in link.addresses) or "no address"
    speed = f"{link.speed_mbit} Mbit/s" if link.speed_mbit else ""
    signal = f"{link.signal_dbm} dBm" if link.signal_dbm is not None else ""
    note = ", ".join(part for part in (link.kind, speed, signal) if part)
    name = plain(link.name, 30)
    return Fact(name, addresses if link.up else "down", "good" if link.up and link.addresses else "off", note)
