"""CLDR for panels: of each of Babel's thousand locales, the names of days and months and the orders of dates.

What is left out (money, units, names of countries, languages and time zones) is 9 parts of 10 and is read by nobody
here: ``renderer/panels/_locale.py`` is the only reader.
"""

from __future__ import annotations

import pickle
from pathlib import Path

READ = frozenset(
    {
        "character_order",
        "datetime_skeletons",
        "day_periods",
        "days",
        "locale_id",
        "months",
        "percent_formats",
    }
)


def slim_locales(folder: Path) -> int:
    """Writes each ``.dat`` of ``folder`` anew with what is read, and returns how many there were.

    The files are pickles of this package's own locked wheel, made by Babel for itself.
    """
    files = sorted(folder.glob("*.dat"))
    for path in files:
        data = pickle.loads(path.read_bytes())  # noqa: S301 - hashed in requirements/runtime.lock
        path.write_bytes(pickle.dumps({key: data[key] for key in data if key in READ}, protocol=2))
    return len(files)
