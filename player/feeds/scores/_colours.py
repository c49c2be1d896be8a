"""Colours of teams whose league's answers name none: each the main colour of the team's kit, as hex digits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MLB: Mapping[str, str] = MappingProxyType(
    {
        "ARI": "a71930", "AZ": "a71930", "ATH": "003831", "OAK": "003831", "ATL": "ce1141", "BAL": "df4601",
        "BOS": "bd3039", "CHC": "0e3386", "CWS": "27251f", "CIN": "c6011f", "CLE": "00385d", "COL": "333366",
        "DET": "0c2340", "HOU": "eb6e1f", "KC": "004687", "LAA": "ba0021", "LAD": "005a9c", "MIA": "00a3e0",
        "MIL": "12284b", "MIN": "002b5c", "NYM": "002d72", "NYY": "0c2340", "PHI": "e81828", "PIT": "27251f",
        "SD": "2f241d", "SEA": "0c2c56", "SF": "fd5a1e", "STL": "c41e3a", "TB": "092c5c", "TEX": "003278",
        "TOR": "134a8e", "WSH": "ab0003",
    }
)  # fmt: skip

NHL: Mapping[str, str] = MappingProxyType(
    {
        "ANA": "f47a38", "BOS": "fcb514", "BUF": "003087", "CAR": "cc0000", "CBJ": "002654", "CGY": "d2001c",
        "CHI": "cf0a2c", "COL": "6f263d", "DAL": "006847", "DET": "ce1126", "EDM": "ff4c00", "FLA": "041e42",
        "LAK": "111111", "MIN": "154734", "MTL": "af1e2d", "NJD": "ce1126", "NSH": "ffb81c", "NYI": "00539b",
        "NYR": "0038a8", "OTT": "da1a32", "PHI": "f74902", "PIT": "fcb514", "SEA": "001628", "SJS": "006d75",
        "STL": "002f87", "TBL": "002868", "TOR": "00205b", "UTA": "71afe5", "VAN": "00205b", "VGK": "b4975a",
        "WPG": "041e42", "WSH": "c8102e",
    }
)  # fmt: skip
