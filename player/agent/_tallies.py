"""What became of the requests to exchanges, for the board and the heartbeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from player.agent._ask import Asker
from player.agent._lane import Tally


def exchange_facts(asker: Asker) -> dict[str, dict[str, Any]]:
    """By exchange: what became of its requests since the agent started, and whether its host is held to be down."""
    down = asker.circuits_open()
    return {name: {**asdict(tally), "down": name in down} for name, tally in asker.tallies().items()}


def tally_sums(tallies: Mapping[str, Tally]) -> dict[str, int]:
    """Of all exchanges together."""
    whole = Counter(dict.fromkeys(asdict(Tally()), 0))
    for tally in tallies.values():
        whole.update(asdict(tally))
    return dict(whole)
