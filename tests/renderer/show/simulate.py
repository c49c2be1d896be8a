"""A simulated screen: whole days of the loop's decisions. ``python -m tests.renderer.show.simulate`` prints one."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cache import HouseAd, ReadyAd
from config import SlotConfig
from renderer.show.decide import Candidates, Choice, LoopRules, LoopState, Moment, decide
from tests.renderer.show.shapes import house, ready

_NS_PER_MS = 1_000_000
BERLIN = ZoneInfo("Europe/Berlin")

Ready = Callable[[datetime], Candidates]
"""What could be shown at a time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One choice and when it came on."""

    at: datetime
    choice: Choice


def simulate(
    rules: LoopRules,
    candidates: Ready,
    begin: datetime,
    hours: float,
    *,
    zone: ZoneInfo = BERLIN,
    synced: bool = False,
    state: LoopState | None = None,
) -> Iterator[Turn]:
    """What a screen shows from ``begin`` on. An aligned choice comes on at its moment, the others at once."""
    state = state or LoopState()
    at, end = begin, begin + timedelta(hours=hours)
    while at < end:
        now_ns = round((at - begin).total_seconds() * 1e9)
        choice = decide(state, candidates(at), rules, Moment(at.astimezone(zone), now_ns, synced))
        if choice.aligned_ms is not None:
            at = max(at, datetime.fromtimestamp(choice.aligned_ms / 1000, UTC))
        yield Turn(at, choice)
        state = choice.after
        at += timedelta(milliseconds=choice.planned_ms)


def shares(turns: Sequence[Turn]) -> dict[str, float]:
    """Each kind's part of the time."""
    shown = Counter[str]()
    for turn in turns:
        shown[turn.choice.kind] += turn.choice.planned_ms
    return {kind: ms / sum(shown.values()) for kind, ms in shown.items()}


def ads_of(*advertisers: str, duration_ms: int = 10_000) -> tuple[ReadyAd, ...]:
    """One ready ad of each advertiser, with windows that never close."""
    found = []
    for place, advertiser in enumerate(advertisers):
        ad = ready(f"{advertiser}-{place}", duration_ms)
        lease = replace(ad.lease, advertiser_domain=advertiser, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
        found.append(ReadyAd(lease, ad.plate))
    return tuple(found)


def house_of(*names: str) -> tuple[HouseAd, ...]:
    """House ads by name."""
    return tuple(house(name) for name in names)


def main() -> None:
    """A day of a usual loop, in figures."""
    slots = (
        SlotConfig("ad"),
        SlotConfig("ad"),
        SlotConfig("house", starts="06:00", ends="10:00"),
        SlotConfig("content", seconds=8),
    )
    rules = LoopRules(slots, separation_ms=60_000, house_share=0.2)
    offered = Candidates(ads_of("a", "b", "c", "d", "e", "f", "g"), house_of("menu.png", "logo.png"), content=True)
    turns = list(simulate(rules, lambda _: offered, datetime(2026, 11, 22, tzinfo=UTC), 24))
    sys.stdout.write(f"choices {len(turns)}\n")
    for kind, share in sorted(shares(turns).items()):
        sys.stdout.write(f"{kind} {share:.1%}\n")


if __name__ == "__main__":
    main()
