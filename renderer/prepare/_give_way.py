"""A child's low priority: the screen's frames come first."""

from __future__ import annotations

import os
from contextlib import suppress

_NICER_BY = 10


def give_way() -> None:
    """Lower this process' priority, where that is allowed.

    In the agent's unit it is not (``SystemCallFilter=~@resources``); there all of them have a small share of the
    processor by the unit's ``CPUWeight=``.
    """
    with suppress(PermissionError):
        os.nice(_NICER_BY)
