"""Is the wall clock right? By the release, by the machine's time service, and by the servers that were visited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from cache import Clock
from player.doctor._finding import Finding
from player.doctor._patient import Patient

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No honest clock is before this version was made."""

_BAD = timedelta(minutes=5)
"""AWS refuses requests that are further off (Signature Version 4)."""
_OFF = timedelta(seconds=30)


def look_at_clock(patient: Patient) -> Finding:
    """A clock that is known to be wrong fails; one that nobody has set is watched."""
    clock = patient.clock
    now = clock.now()
    if now < RELEASED:
        step = "Connect the network and wait for time synchronisation, or set it: sudo timedatectl set-time '…'"
        return Finding("clock", "fail", f"wrong: {now:%Y-%m-%d} is before this version was made", step)
    off = _off(patient)
    if off is not None and abs(off) > _BAD:
        step = f"{_service_step(clock)} Until then plays wait, and the stream refuses them."
        return Finding("clock", "fail", f"wrong: it is {told(off)} the servers that were asked", step)
    state = clock.state()
    if off is not None and abs(off) > _OFF:
        return Finding("clock", "warn", f"it is {told(off)} the servers that were asked", _service_step(clock))
    if state.synced:
        return Finding("clock", "ok", f"synchronised by {state.source}")
    if state.synced is False:
        what = f"{state.source or 'the time service'} has not set it yet"
        return Finding("clock", "warn", what, _service_step(clock))
    agrees = ", though the servers that were asked agree" if off is not None else ""
    return Finding("clock", "warn", f"no time service looks after it{agrees}", _service_step(clock))


def _service_step(clock: Clock) -> str:
    state = clock.state()
    if state.source is None and not state.synced:
        return "Turn one on: sudo timedatectl set-ntp true (or: sudo apt-get install systemd-timesyncd)."
    return "Let it out to UDP port 123, or name the venue's own time server in /etc/systemd/timesyncd.conf."


def _off(patient: Patient) -> timedelta | None:
    """How far this clock is ahead (negative: behind), by the nearest of the servers' own (RFC 9110, Date)."""
    found = []
    for visit in patient.visits.all():
        date = visit.answer.headers.get("date") if visit.answer is not None else None
        if date and visit.answered_at is not None:
            try:
                at = parsedate_to_datetime(date)
                found.append(visit.answered_at - (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC))
            except (ValueError, TypeError, OverflowError):
                continue
    return min(found, key=abs, default=None)


def told(off: timedelta) -> str:
    """``2 h behind``, in the largest unit that fits."""
    seconds = abs(off).total_seconds()
    for unit, size in (("years", 31_557_600), ("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size or (unit in {"h", "min"} and seconds >= size):
            return f"{seconds / size:.0f} {unit} {'ahead of' if off > timedelta() else 'behind'}"
    return f"{seconds:.0f} s {'ahead of' if off > timedelta() else 'behind'}"
