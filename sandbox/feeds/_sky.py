"""An invented sky: smooth in time, seasonal, the same for the same place and hour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox._dice import Dice

_OVERCAST = 75.0
_SEED = 20


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather of one place. All methods take an aware local time."""

    latitude: float
    longitude: float

    def celsius(self, at: datetime) -> float:
        """Season, time of day (warmest about 15:00), clouds, and a wave of some days."""
        season = self._season(at)
        base = 27 - abs(self.latitude) * 0.33 + season * min(14.0, abs(self.latitude) * 0.25)
        swing = 5.5 - self.cloud_percent(at) * 0.03
        daily = math.cos((_hour(at) - 15) / 24 * 2 * math.pi) * swing
        return base + daily + (self._noise(at, 60, "warm") - 0.5) * 7

    def felt_celsius(self, at: datetime) -> float:
        """Wind chills."""
        return self.celsius(at) - self.wind_kmh(at) * 0.09

    def humidity(self, at: datetime) -> float:
        """Percent."""
        return 50 + self.cloud_percent(at) * 0.3 + (self._noise(at, 9, "humid") - 0.5) * 16

    def wind_kmh(self, at: datetime) -> float:
        """A breeze, seldom more."""
        return 4 + self._noise(at, 8, "wind") * 22

    def wind_degrees(self, at: datetime) -> float:
        """Where it comes from."""
        return self._noise(at, 30, "from") * 360

    def cloud_percent(self, at: datetime) -> float:
        """From clear to overcast within half a day or so."""
        wave = self._noise(at, 14, "cloud") * 1.5 - 0.28
        return 100 * min(1.0, max(0.0, wave))

    def rain_percent(self, at: datetime) -> float:
        """The chance of rain grows with the clouds."""
        return max(0.0, self.cloud_percent(at) - 45) * 1.5 * (0.4 + 0.6 * self._noise(at, 6, "rain"))

    def rain_mm(self, at: datetime) -> float:
        """Falls when it is likely."""
        return max(0.0, self.rain_percent(at) - 50) * 0.06

    def code(self, at: datetime) -> int:
        """WMO 4677 as Open-Meteo uses it: clear to overcast, rain, snow when it freezes."""
        rain, cloud = self.rain_percent(at), self.cloud_percent(at)
        if rain > 50:
            if self.celsius(at) < 0.5:
                return 73
            return 63 if rain > _OVERCAST else 61
        for limit, code in ((15, 0), (35, 1), (_OVERCAST, 2)):
            if cloud < limit:
                return code
        return 3

    def sun(self, date: datetime) -> tuple[datetime, datetime]:
        """Sunrise and sunset, by the usual formula for the length of the day."""
        tilt = math.radians(23.44) * self._tilt(date)
        reach = -math.tan(math.radians(max(-66.0, min(66.0, self.latitude)))) * math.tan(tilt)
        half_day = timedelta(hours=math.degrees(math.acos(max(-1.0, min(1.0, reach)))) / 15)
        offset_hours = (date.utcoffset() or timedelta()).total_seconds() / 3600
        noon = date.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(
            hours=offset_hours - self.longitude / 15
        )
        return noon - half_day, noon + half_day

    def is_day(self, at: datetime) -> bool:
        """Between sunrise and sunset."""
        rise, fall = self.sun(at)
        return rise <= at < fall

    def _season(self, at: datetime) -> float:
        """1 in the warmest weeks of the hemisphere, -1 in the coldest; a month behind the sun."""
        return self._tilt(at - timedelta(days=30)) * (1 if self.latitude >= 0 else -1)

    @staticmethod
    def _tilt(at: datetime) -> float:
        """1 at the June solstice, -1 at the December one."""
        return math.cos((at.timetuple().tm_yday - 172) / 365.25 * 2 * math.pi)

    def _noise(self, at: datetime, hours: float, name: str) -> float:
        """Smooth chance in [0, 1): one roll every ``hours``, eased between."""
        dice = Dice(_SEED)
        place = (name, round(self.latitude, 1), round(self.longitude, 1))
        position = at.timestamp() / 3600 / hours
        step = math.floor(position)
        part = position - step
        ease = part * part * (3 - 2 * part)
        return dice.roll(*place, step) * (1 - ease) + dice.roll(*place, step + 1) * ease


def _hour(at: datetime) -> float:
    return at.hour + at.minute / 60
