"""``--since`` and ``--until``: a moment as a person writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

_AGES = {"m": "minutes", "h": "hours", "d": "days"}


class MomentType(click.ParamType[datetime]):
    """A moment: RFC 3339, a date, or an age such as ``30m``, ``24h``, ``7d``. Without a zone it is UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or end with bad usage."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            if text[-1:] in _AGES and text[:-1].isdigit():
                return datetime.now(UTC) - timedelta(**{_AGES[text[-1]]: int(text[:-1])})
            at = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is neither a time such as 2026-11-22T20:00:00Z nor an age such as 24h", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=UTC)


since_option = click.option("--since", type=MomentType(), help="Only plays that began at this time or age, or later.")
until_option = click.option("--until", type=MomentType(), help="Only plays that began before this time or age.")
