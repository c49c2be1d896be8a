"""The journal: leases, plays, and what became of both; the durable half of the meeting point."""

from __future__ import annotations

from pathlib import Path

from cache._clock import Clock
from cache._database import Database
from cache._database_file import Plan
from cache.journal._beacons import BeaconPart
from cache.journal._finish import FinishPart
from cache.journal._keeping import KeepingPart
from cache.journal._keys import KeyFile, Signer
from cache.journal._leases import LeasePart
from cache.journal._mark import SeqMark
from cache.journal._plays import PlayPart
from cache.journal._salvage import salvage
from cache.journal._schema import JOURNAL_MIGRATIONS
from cache.journal._settling import SettlingPart
from cache.journal._shapes import Identity
from cache.journal._sinks import SinkPart
from config import Code

JOURNAL_PLAN = Plan(
    name="journal.db",
    migrations=JOURNAL_MIGRATIONS,
    durable=True,
    unavailable=Code.JOURNAL_UNAVAILABLE,
    damaged=Code.JOURNAL_CORRUPT,
    rebuildable=False,
    salvage=salvage,
)


class Journal(LeasePart, PlayPart, FinishPart, SettlingPart, SinkPart, BeaconPart, KeepingPart):
    """journal.db. What a method wrote survives the power when it returns.

    Every method may raise ``OohError`` (JOURNAL_UNAVAILABLE), and then has changed nothing; the next call tries
    anew, on a new file when this one was found damaged. Agent and screen each open their own; threads share one.
    """

    @classmethod
    def open(
        cls, folder: Path, clock: Clock, identity: Identity, *, check: bool = True, signer: Signer | None = None
    ) -> Journal:
        """Open or make ``folder/journal.db``. ``check`` reads the whole file once per boot.

        A damaged file is set aside as ``journal.db.corrupt-<UTC>``, logged with JOURNAL_CORRUPT, and a new one begun
        with what could be saved from it. Records are signed by the folder's own key unless ``signer`` is given.
        """
        database = Database(folder / JOURNAL_PLAN.name, JOURNAL_PLAN, clock, checked=check)
        return cls(database, clock, identity, signer or KeyFile(folder), SeqMark(folder))

    def close(self) -> None:
        """Close it; the object is of no further use."""
        self._database.close()
