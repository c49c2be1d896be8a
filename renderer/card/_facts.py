"""The facts of a status card: from the configuration, the clock and the agent's board. The screen has no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cache import ClockState
from config import Code, Size
from renderer.card._parts import Mood
from renderer.card._said import CardSaid

Board = Mapping[str, Any]

_SETUP = "Set this screen up: sudo ooh-player setup"
_NO_AGENT = "The agent is not running: ooh-player doctor says why."
_DOCTOR = "Something is wrong: ooh-player doctor says what."
_NO_NETWORK = "No network address: plug in the cable, or set up the Wi-Fi."
_NO_CLOCK = "The clock is not set yet; it is as soon as the network can be reached."
_NO_ADS_YET = "No ad is ready yet; the exchange is asked again by itself."
_NOTHING = "Nothing to do: this screen works."
_MOST_ERRORS = 2
_MOST_ADDRESSES = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, how it is, and whether that is good."""

    label: str
    value: str
    mood: Mood = "plain"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a status card tells."""

    rows: tuple[Row, ...]
    """The most telling first: a small screen leaves the last ones out."""
    next_step: str
    mood: Mood
    code: str
    """What the QR code says."""


def facts_of(said: CardSaid, agent: Board | None, clock: ClockState, size: Size) -> Facts:
    """``agent``: its board, None when it does not run. Total: whatever a board holds."""
    board = agent or {}
    errors = _errors(board)
    rows = (
        _exchange(said, agent),
        _network(agent, board),
        _clock(clock),
        _leases(said, board),
        *(Row("Error", f"{job}: {code}", "bad") for job, code in errors[:_MOST_ERRORS]),
        _display(said, size),
        _proof(said, board),
        *((Row("Hours", ", ".join(said.hours)),) if said.hours else ()),
        Row("Version", said.version or "unknown"),
    )
    next_step, mood = _next(said, agent, clock, errors, rows)
    addresses = _addresses(board)
    page = f"http://{_host(addresses[0])}:{said.web_port}/" if said.web_port is not None and addresses else None
    return Facts(tuple(row for row in rows if row.value), next_step, mood, page or f"ooh-player:{said.screen_id}")


def _exchange(said: CardSaid, agent: Board | None) -> Row:
    if not said.exchanges:
        return Row("Exchange", "none set up", "warn")
    if agent is None:
        return Row("Exchange", f"{', '.join(said.exchanges)}: not asked, the agent is down", "bad")
    told = _mapping(agent.get("exchanges"))
    words, moods = [], []
    for name in said.exchanges:
        tally = _mapping(told.get(name))
        down = tally.get("down") is True
        filled, asked = _count(tally.get("filled")), _count(tally.get("asked"))
        words.append(f"{name}: {'no answer' if down else f'{filled} ads for {asked} requests'}")
        moods.append("bad" if down else "good" if filled else "warn")
    mood: Mood = "good" if "good" in moods else "bad" if "bad" in moods else "warn"
    return Row("Exchange", ", ".join(words), mood)


def _network(agent: Board | None, board: Board) -> Row:
    addresses = _addresses(board)
    if addresses:
        return Row("Network", ", ".join(addresses[:_MOST_ADDRESSES]), "good")
    return Row("Network", "unknown" if agent is None else "no address", "plain" if agent is None else "bad")


def _clock(clock: ClockState) -> Row:
    match clock.synced:
        case True:
            return Row("Clock", f"set by {clock.source}" if clock.source else "set", "good")
        case False:
            return Row("Clock", "not set yet", "warn")
        case _:
            return Row("Clock", "no time service runs", "plain")


def _leases(said: CardSaid, board: Board) -> Row:
    leases = _mapping(board.get("leases"))
    if not leases or not said.exchanges:
        return Row("Ads", "")
    ready, shown = _count(leases.get("PREPARED")), _count(leases.get("PLAYED"))
    return Row("Ads", f"{ready} ready, {shown} shown", "good" if ready else "warn")


def _display(said: CardSaid, size: Size) -> Row:
    words = [f"{size.w} × {size.h}"]
    if said.output is not None:
        words.append(f"{said.output.refresh_hz:.0f} Hz")
        words.append(said.output.driver)
    if said.rotation:
        words.append(f"turned {said.rotation}°")
    return Row("Display", ", ".join(words))


def _proof(said: CardSaid, board: Board) -> Row:
    if not said.proof:
        return Row("Proof", "kept here, sent nowhere", "plain")
    queues = [_mapping(board.get(name)) for name in ("delivery", "gateway")]
    waiting, error = sum(_count(queue.get("pending")) for queue in queues), any(queue.get("error") for queue in queues)
    delivered = sum(_count(queue.get("delivered")) for queue in queues)
    if not any(queues):
        return Row("Proof", "")
    return Row("Proof", f"{delivered} delivered, {waiting} waiting", "bad" if error else "good")


def _next(
    said: CardSaid, agent: Board | None, clock: ClockState, errors: Sequence[tuple[str, str]], rows: Sequence[Row]
) -> tuple[str, Mood]:
    """What to do next, in one line: the first thing that is wrong, in the order in which a tech mends them."""
    if not said.named:
        return _SETUP, "warn"
    if agent is None:
        return _NO_AGENT, "bad"
    if any(row.label == "Network" and row.mood == "bad" for row in rows):
        return _NO_NETWORK, "bad"
    if clock.synced is False:
        return _NO_CLOCK, "warn"
    for _, code in errors:
        found = next((known for known in Code if known.code == code), None)
        if found is not None:
            return found.next_step.replace("`", ""), "bad"
    if any(row.mood == "bad" for row in rows):
        return _DOCTOR, "bad"
    if said.exchanges and any(row.label == "Ads" and row.mood == "warn" for row in rows):
        return _NO_ADS_YET, "warn"
    return _NOTHING, "good"


def _errors(board: Board) -> list[tuple[str, str]]:
    """Jobs whose last run failed, and the code; a sink's first."""
    found = []
    for name in ("delivery", "gateway"):
        error = _mapping(board.get(name)).get("error")
        if isinstance(error, str) and error:
            found.append((name, error))
    for job, state in _mapping(board.get("jobs")).items():
        error = _mapping(state).get("last_error")
        if isinstance(error, str) and error and all(job != before for before, _ in found):
            found.append((job, error))
    return found


def _addresses(board: Board) -> list[str]:
    links = board.get("links")
    found: list[str] = []
    for link in links if isinstance(links, list) else ():
        told = _mapping(link).get("addresses")
        if _mapping(link).get("up") is not False and isinstance(told, list):
            found += [address for address in told if isinstance(address, str)]
    return sorted(found, key=lambda address: ":" in address)  # IPv4 first: shorter to type


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
