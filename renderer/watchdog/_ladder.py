"""The ladder: which escalation comes next. Pure: it only says, others do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cache import STEPS, Escalation, Escalations, EscalationStep

HEALTHY_NS = 600_000_000_000
"""After so long without a fault the next one begins with the mildest step again."""
_SERVICE_WAIT_NS = 120_000_000_000
_MOST_SERVICE_WAIT_NS = 600_000_000_000
_REBOOT_WAIT_NS = 3_600_000_000_000
_MOST_REBOOT_WAIT_NS = 24 * _REBOOT_WAIT_NS
_TOP = STEPS.index("reboot")


@dataclass(frozen=True, slots=True)
class Moment:
    """When, and what is allowed."""

    at: str
    """UTC, RFC 3339."""
    now_ns: int
    """Monotonic: how long this boot lasts, or nearly."""
    boot_id: str
    may_reboot: bool = False


def decide(
    before: Escalations, reason: str, moment: Moment, least: EscalationStep = "renderer"
) -> tuple[EscalationStep | None, Escalations]:
    """The step for a fault, and what is known after it was taken. None: wait, for every step was tried lately.

    One step after the other, none milder than ``least``: renderer, process, service, reboot. Where a reboot is not
    allowed, or not yet, the service is restarted again, 2 minutes later at first, 10 minutes later at most. A machine
    must have run for an hour before it is rebooted, and for twice as long after each reboot in vain, a day at most:
    by the monotonic clock, for the wall's may be wrong.
    """
    rung = max(before.rung, STEPS.index(least))
    if rung < _TOP:
        return _taken(before, STEPS[rung], reason, moment, rung + 1)
    if moment.may_reboot and moment.now_ns >= reboot_wait_ns(before.reboots):
        step, after = _taken(before, "reboot", reason, moment, 0)
        return step, replace(after, reboots=before.reboots + 1, services=0)
    if waits_until_ns(before, moment.boot_id) > moment.now_ns:
        return None, before
    return _taken(before, "service", reason, moment, _TOP)


def healthy(before: Escalations) -> Escalations:
    """All was well for ``HEALTHY_NS``: what was done is kept, the next fault begins anew."""
    return replace(before, rung=0, services=0, reboots=0)


def reboot_wait_ns(in_vain: int) -> int:
    """How long the machine must have run before it is rebooted, after so many reboots in vain."""
    return min(_MOST_REBOOT_WAIT_NS, _REBOOT_WAIT_NS << min(in_vain, 10))


def waits_until_ns(before: Escalations, boot_id: str) -> int:
    """Until when no service is restarted again, monotonic of this boot; 0: it need not wait."""
    last = before.last
    if before.services == 0 or last is None or last.boot_id != boot_id:
        return 0
    return last.at_ns + min(_MOST_SERVICE_WAIT_NS, _SERVICE_WAIT_NS << min(before.services - 1, 10))


def _taken(
    before: Escalations, step: EscalationStep, reason: str, moment: Moment, rung: int
) -> tuple[EscalationStep, Escalations]:
    counts = {each: before.counts.get(each, 0) + (each == step) for each in STEPS}
    last = Escalation(step, reason, moment.at, moment.boot_id, moment.now_ns)
    services = before.services + (step == "service")
    return step, replace(before, counts=counts, last=last, rung=rung, services=services)
