"""Money: exact, in decimal."""

from __future__ import annotations

from decimal import Decimal

_THOUSAND = Decimal(1000)


def cost(price: str | Decimal, multiplier: float | Decimal) -> Decimal:
    """What one play costs: a CPM by 1000, times the impressions it counts for (OpenRTB 2.6 §7.9.4). Exact.

    ``multiplier`` as a float is taken as it is written: 30.3 is 30.3.
    """
    return Decimal(price) / _THOUSAND * (multiplier if isinstance(multiplier, Decimal) else Decimal(str(multiplier)))
