"""The verdict: do the screen, the journal and the stream agree?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sandbox.reader import Tally

_STARTED = re.compile(r" play\.started .*?\bid=([0-9a-f-]{36})")


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

    @property
    def agree(self) -> bool:
        """True when every play is proven exactly once."""
        same = self.plays == self.journal == self.stream
        return same and self.plays > 0 and self.lost == 0 and self.duplicates == 0

    def line(self) -> str:
        """The sentence that ends the demo."""
        return (
            f"plays shown {self.plays} · in the journal {self.journal} · in the stream {self.stream}"
            f" · lost {self.lost} · duplicated {self.duplicates}"
        )


def shown_ids(screen_log: Path) -> set[str]:
    """The plays that the screen says it began to show."""
    if not screen_log.exists():
        return set()
    return set(_STARTED.findall(screen_log.read_text(encoding="utf-8", errors="replace")))


def judge(shown: set[str], recorded: set[str], tally: Tally) -> Verdict:
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
    )
