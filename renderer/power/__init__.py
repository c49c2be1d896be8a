"""The display's power: CEC over HDMI, DPMS by X, the kernel or Wayland; off outside the screen's hours."""

from renderer.power._backlight import Backlight, find_backlight
from renderer.power._cec import Cec
from renderer.power._find import PowerKind, find_switch
from renderer.power._kms import KmsDpms
from renderer.power._power import Power
from renderer.power._switch import Switch, Switches
from renderer.power._wayland import Wlopm
from renderer.power._x11 import XDpms

__all__ = [
    "Backlight",
    "Cec",
    "KmsDpms",
    "Power",
    "PowerKind",
    "Switch",
    "Switches",
    "Wlopm",
    "XDpms",
    "find_backlight",
    "find_switch",
]
