"""A failing neighbour (journal, cache, board): counted, logged at its edges, and never in the show's way."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

from config import OohError

log = logging.getLogger("ooh.show")


class Troubles:
    """Of one neighbour. ``with troubles:`` endures an ``OohError``: the rest of the block is left out.

    The log has one line when the neighbour begins to fail and one when it works again.
    """

    def __init__(self, neighbour: str) -> None:
        self._neighbour = neighbour
        self.count = 0
        self.failing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, OohError):
            self._failed(error)
            return True
        if error is None and self.failing:
            self.failing = False
            log.info(f"{self._neighbour}.back", extra={"facts": {"failed": self.count}})  # noqa: G004 - the event's name
        return False

    def _failed(self, error: OohError) -> None:
        self.count += 1
        if not self.failing:
            self.failing = True
            log.error(f"{self._neighbour}.failing", exc_info=error)  # noqa: G004 - the event's name
