"""Under-voltage and throttling, as a Raspberry Pi tells them; other boards leave them unknown."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace

from player.machine._roots import Roots, matches, parse_int, read_int, read_text
from player.machine._shapes import Power

UNKNOWN_POWER = Power(None, None, None, None, None, None)

# The firmware's word (raspberrypi.com, "get_throttled"): bits 0 to 3 are now, 16 to 19 since boot.
_UNDER_VOLTAGE, _CAPPED, _THROTTLED, _SOFT_LIMIT = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_SINCE_BOOT = 16
_ASK_TIMEOUT_S = 2.0

Throttled = Callable[[], str | None]
"""What ``vcgencmd get_throttled`` prints, or None."""


def ask_firmware() -> str | None:
    """By ``vcgencmd``, where it is installed and may be run."""
    program = shutil.which("vcgencmd")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "get_throttled"], capture_output=True, text=True, timeout=_ASK_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return done.stdout if done.returncode == 0 else None


def read_power(roots: Roots, ask: Throttled = ask_firmware) -> Power:
    """What the board says now; of what was before, only what it remembers itself.

    The kernel's driver reads the firmware's sticky under-voltage bit every 2 s, clears it and shows it as the alarm
    of a sensor: that alarm is the truth about under-voltage, and whoever wants to know of the whole boot has to keep
    what was seen.
    """
    bits = _throttled_bits(roots, ask)
    alarm = _alarm(roots)
    if bits is None:
        return replace(UNKNOWN_POWER, under_voltage=alarm, under_voltage_since_boot=alarm)
    under_voltage = bool(bits & _UNDER_VOLTAGE) or bool(alarm)
    return Power(
        under_voltage=under_voltage,
        throttled=bool(bits & _THROTTLED),
        frequency_capped=bool(bits & _CAPPED),
        soft_temperature_limit=bool(bits & _SOFT_LIMIT),
        under_voltage_since_boot=under_voltage or bool(bits & _UNDER_VOLTAGE << _SINCE_BOOT),
        throttled_since_boot=bool(bits & (_THROTTLED | _THROTTLED << _SINCE_BOOT)),
    )


def latched(power: Power, *, under_voltage: bool, throttled: bool) -> Power:
    """With what was seen earlier in this boot."""
    return replace(
        power,
        under_voltage_since_boot=True if under_voltage else power.under_voltage_since_boot,
        throttled_since_boot=True if throttled else power.throttled_since_boot,
    )


def _throttled_bits(roots: Roots, ask: Throttled) -> int | None:
    """From the firmware driver's file, which everybody may read; else by the firmware's own program."""
    for path in matches(roots.sys / "bus/platform/devices", "*firmware/get_throttled"):
        text = read_text(path)
        bits = parse_int(text if text is None or text.lower().startswith("0x") else f"0x{text}")
        if bits is not None:
            return bits
    told = (ask() or "").strip()
    return parse_int(told.partition("=")[2]) if told.startswith("throttled=") else None


def _alarm(roots: Roots) -> bool | None:
    for sensor in matches(roots.sys / "class/hwmon", "hwmon*"):
        if read_text(sensor / "name") == "rpi_volt":
            alarm = read_int(sensor / "in0_lcrit_alarm")
            return None if alarm is None else alarm != 0
    return None
