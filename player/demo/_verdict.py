"""The verdict: do the screen, the journal and the stream agree?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sandbox.reader import Tally

_STARTED = re.compile(r" play\.started .*?\bid=([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Leases:
    """How a lease-style ad server saw its leases end."""

    leased: int
    proofs: int
    expirations: int
    deaths: int = 0
    """Of the agent: each may have left a lease that it did not live to hear of."""

    @property
    def settled(self) -> bool:
        """True when each that was heard of was either proven or given back."""
        return 0 <= self.leased - self.proofs - self.expirations <= self.deaths


@dataclass(frozen=True, slots=True)
class Verdict:
    """Three independent counts of the same plays: the screen's log, the journal, the stream read back."""

    plays: int
    """Shown: ids that the screen logged when the first frame had been presented."""
    journal: int
    stream: int
    """Different play ids read back and de-aggregated."""
    lost: int
    """Shown or in the journal, but not in the stream."""
    duplicates: int
    """What still counts double for a consumer that removes repeats by id: two records for one seq, or one id with
    two contents."""
    repeats: int
    """Second copies with the same id and content (a retry after a lost reply), removed by id."""
    billable: int = 0
    """Plays in the journal that may be billed."""
    leases: Leases | None = None
    """What a lease-style ad server counted itself; None of the other dialects."""

    @property
    def agree(self) -> bool:
        """True when every play is proven exactly once, to a lease-style ad server too."""
        same = self.plays == self.journal == self.stream
        told = self.leases is None or (self.leases.proofs == self.billable and self.leases.settled)
        return same and told and self.plays > 0 and self.lost == 0 and self.duplicates == 0

    def line(self) -> str:
        """The sentence that ends the demo."""
        told = ""
        if self.leases is not None:
            told = f" · proven to the ad server {self.leases.proofs} of {self.billable}"
            told += f" · leases given back {self.leases.expirations} of {self.leases.leased - self.leases.proofs}"
        return (
            f"plays shown {self.plays} · in the journal {self.journal} · in the stream {self.stream}"
            f" · lost {self.lost} · duplicated {self.duplicates}{told}"
        )


def shown_ids(screen_log: Path) -> set[str]:
    """The plays that the screen says it began to show."""
    if not screen_log.exists():
        return set()
    return set(_STARTED.findall(screen_log.read_text(encoding="utf-8", errors="replace")))


def judge(
    shown: set[str], recorded: set[str], tally: Tally, billable: int = 0, leases: Leases | None = None
) -> Verdict:
    """Compare the three: ids that were shown, ids in the journal, and what the stream holds."""
    received = set(tally.plays)
    by_seq = {(play["screen_id"], play["seq"]) for play in tally.plays.values()}
    return Verdict(
        plays=len(shown),
        journal=len(recorded),
        stream=len(received),
        lost=len((shown | recorded) - received),
        duplicates=len(received) - len(by_seq) + len(tally.conflicting),
        repeats=tally.repeats,
        billable=billable,
        leases=leases,
    )
