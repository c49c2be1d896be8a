"""The ladder: one step after the other, never a loop of reboots, and from the beginning again when all was well."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import STEPS, Escalation, Escalations, EscalationStep
from renderer.watchdog import Moment, decide, healthy

S = 1_000_000_000
HOUR = 3600 * S
REASON = "watchdog.surface"


def moment(seconds: float, *, may_reboot: bool = False, boot: str = "boot") -> Moment:
    return Moment("2026-11-22T20:54:00.123Z", int(seconds * S), boot, may_reboot)


def climb(known: Escalations, *moments: Moment) -> tuple[list[EscalationStep | None], Escalations]:
    steps: list[EscalationStep | None] = []
    for each in moments:
        step, known = decide(known, REASON, each)
        steps.append(step)
    return steps, known


def test_one_step_after_the_other_and_then_ever_longer_waits() -> None:
    at = [100, 120, 140, 160, 260, 261, 499, 501, 600, 982]
    steps, known = climb(Escalations(), *(moment(seconds) for seconds in at))
    assert steps == [
        *("renderer", "process", "service"),
        *(None, "service"),  # 120 s after the first
        *(None, None, "service"),  # 240 s after the second
        *(None, "service"),  # 480 s
    ]
    assert known.counts == {"renderer": 1, "process": 1, "service": 4, "reboot": 0}
    assert known.last == Escalation("service", REASON, moment(0).at, "boot", 982 * S)


def test_the_wait_between_two_services_is_ten_minutes_at_most() -> None:
    known = replace(Escalations(), rung=3, services=50, last=Escalation("service", REASON, "", "boot", 0))
    assert decide(known, REASON, moment(599))[0] is None
    assert decide(known, REASON, moment(600))[0] == "service"


@pytest.mark.parametrize(
    ("least", "steps"),
    [
        ("renderer", ["renderer", "process", "service"]),
        ("process", ["process", "service", None]),
        ("service", ["service", None, None]),
    ],
)
def test_a_fault_that_mild_steps_cannot_cure_begins_higher(least: EscalationStep, steps: list[str | None]) -> None:
    known, taken = Escalations(), []
    for seconds in (10, 11, 12):
        step, known = decide(known, REASON, moment(seconds), least)
        taken.append(step)
    assert taken == steps


def test_a_reboot_comes_last_and_only_when_it_is_allowed() -> None:
    late = [moment(4000 + seconds, may_reboot=True) for seconds in range(4)]
    assert climb(Escalations(), *late)[0] == ["renderer", "process", "service", "reboot"]
    never = [moment(4000 + seconds) for seconds in range(4)]
    assert climb(Escalations(), *never)[0] == ["renderer", "process", "service", None]


def test_a_machine_that_has_not_run_for_an_hour_is_not_rebooted() -> None:
    early = [moment(seconds, may_reboot=True) for seconds in (100, 101, 102, 300, 3599, 3600)]
    assert climb(Escalations(), *early)[0] == ["renderer", "process", "service", "service", "service", "reboot"]


@pytest.mark.parametrize(("in_vain", "hours"), [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 24), (6, 24), (99, 24)])
def test_after_reboots_in_vain_the_next_waits_longer(in_vain: int, hours: int) -> None:
    known = Escalations(rung=3, reboots=in_vain, services=1, last=Escalation("service", REASON, "", "old", 0))
    before = Moment("", hours * HOUR - 1, "new", may_reboot=True)
    assert decide(known, REASON, before)[0] == "service"
    step, after = decide(known, REASON, replace(before, now_ns=hours * HOUR))
    assert (step, after.reboots) == ("reboot", in_vain + 1)


def test_after_a_reboot_it_climbs_from_the_mildest_step_again() -> None:
    _, known = climb(Escalations(), *(moment(4000 + n, may_reboot=True) for n in range(4)))
    again = [moment(seconds, may_reboot=True, boot="next") for seconds in (60, 90, 100, 3700, 7200)]
    assert climb(known, *again)[0] == ["renderer", "process", "service", "service", "reboot"]


def test_a_wait_of_another_boot_is_over() -> None:
    known = Escalations(rung=3, services=9, last=Escalation("service", REASON, "", "old", 10**18))
    assert decide(known, REASON, moment(1, boot="new"))[0] == "service"


def test_when_all_was_well_it_begins_anew_and_nothing_is_forgotten() -> None:
    _, known = climb(Escalations(), *(moment(4000 + n, may_reboot=True) for n in range(4)))
    assert healthy(known).counts == known.counts
    assert healthy(known).last == known.last
    assert decide(healthy(known), REASON, moment(4100))[0] == "renderer"


NS = st.integers(0, 30 * 24 * HOUR)


@given(faults=st.lists(st.tuples(NS, st.booleans(), st.booleans()), max_size=60), may_reboot=st.booleans())
def test_whatever_happens_reboots_are_an_hour_apart_and_every_step_is_counted(
    faults: list[tuple[int, bool, bool]], may_reboot: bool
) -> None:
    """Each fault comes a while after the one before it; between some all is well, and a reboot begins a new boot."""
    known, now_ns, boot = Escalations(), 0, 0
    taken: list[EscalationStep] = []
    for gap_ns, was_well, rebooted in faults:
        known = healthy(known) if was_well else known
        now_ns += gap_ns
        step, after = decide(known, REASON, Moment("", now_ns, str(boot), may_reboot))
        if step is None:
            assert after == known
            continue
        taken.append(step)
        known = after
        if step == "reboot":
            assert may_reboot
            assert now_ns >= HOUR  # of this very boot: two reboots are never nearer to each other
            if rebooted:
                now_ns, boot = 0, boot + 1
    assert {step: taken.count(step) for step in STEPS} == dict(known.counts)
    assert 0 <= known.rung <= 3
