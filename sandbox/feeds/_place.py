"""A place of the invented world: its sky, and a clock that the sun made (one hour every 15 degrees)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sandbox.feeds._sky import Sky


@dataclass(frozen=True, slots=True)
class Place:
    """Where a forecast is for."""

    latitude: float
    longitude: float

    @classmethod
    def of(cls, latitude: str, longitude: str) -> Place:
        """From a query's texts. Raises ``ValueError``."""
        north, east = float(latitude), float(longitude)
        if not (-90 <= north <= 90 and -180 <= east <= 180):
            raise ValueError(f"{latitude},{longitude} is no place on earth")
        return cls(north, east)

    @property
    def sky(self) -> Sky:
        """Its weather."""
        return Sky(self.latitude, self.longitude)

    @property
    def zone(self) -> timezone:
        """Its clock."""
        return timezone(timedelta(hours=round(self.longitude / 15)))

    def local(self, now: datetime) -> datetime:
        """``now`` there."""
        return now.astimezone(self.zone)

    def midnight(self, now: datetime) -> datetime:
        """The beginning of today there."""
        return self.local(now).replace(hour=0, minute=0, second=0, microsecond=0)


def span(sky: Sky, midnight: datetime) -> tuple[float, float]:
    """The coldest and the warmest of a day, °C."""
    degrees = [sky.celsius(midnight + timedelta(hours=hour)) for hour in range(24)]
    return min(degrees), max(degrees)
