"""The list: what is looked at, in the order in which it matters; what blocks the picture comes first."""

from __future__ import annotations

from player.doctor._clock import look_at_clock
from player.doctor._disk import look_at_card, look_at_disk
from player.doctor._display import look_at_display, look_at_permissions
from player.doctor._finding import Check
from player.doctor._keys import look_at_keys
from player.doctor._network import find_way
from player.doctor._parts import (
    look_at_box,
    look_at_browser,
    look_at_fonts,
    look_at_memory,
    look_at_power,
    look_at_temperature,
)
from player.doctor._patient import Once, Patient
from player.doctor._player import look_at_delivery, look_at_player, look_at_watchdog
from player.doctor._rotation import look_at_rotation
from player.doctor._servers import server_checks
from player.doctor._service import look_at_page, look_at_proxy, look_at_service, look_at_version
from player.doctor._stream import LATE, look_at_stream
from player.fetch import Http

_CARD_LATE = "The card answers too slowly: look at dmesg, then replace it."


def checkup(patient: Patient, http: Http) -> tuple[Check, ...]:
    """Everything. Three parts: the picture, the machine under it, and what it earns by."""
    return (*_picture(patient), *_machine(patient), *_business(patient, http))


def bare_checkup(patient: Patient) -> tuple[Check, ...]:
    """What can be looked at without a configuration that is right."""
    return (
        Check("display", lambda: look_at_display(patient)),
        Check("permissions", lambda: look_at_permissions(patient)),
        Check("fonts", lambda: look_at_fonts(patient)),
        Check("service", lambda: look_at_service(patient)),
        Check("power", lambda: look_at_power(patient)),
        Check("memory", lambda: look_at_memory(patient)),
        Check("temperature", lambda: look_at_temperature(patient)),
    )


def _picture(patient: Patient) -> tuple[Check, ...]:
    return (
        Check("display", lambda: look_at_display(patient)),
        Check("permissions", lambda: look_at_permissions(patient)),
        Check("fonts", lambda: look_at_fonts(patient)),
        Check("disk", lambda: look_at_disk(patient), _CARD_LATE),
        Check("player", lambda: look_at_player(patient)),
        Check("service", lambda: look_at_service(patient)),
        Check("version", lambda: look_at_version(patient)),
        Check("watchdog", lambda: look_at_watchdog(patient)),
        Check("rotation", lambda: look_at_rotation(patient)),
    )


def _machine(patient: Patient) -> tuple[Check, ...]:
    return (
        Check("power", lambda: look_at_power(patient)),
        Check("temperature", lambda: look_at_temperature(patient)),
        Check("memory", lambda: look_at_memory(patient)),
        Check("card", lambda: look_at_card(patient), _CARD_LATE),
        Check("clock", lambda: look_at_clock(patient)),
    )


def _business(patient: Patient, http: Http) -> tuple[Check, ...]:
    way = Once(lambda: find_way(patient))
    return (
        Check("network", lambda: way().finding),
        Check("proxy", lambda: look_at_proxy(patient)),
        *server_checks(patient, http, way),
        Check("stream", lambda: look_at_stream(patient, way), LATE),
        Check("delivery", lambda: look_at_delivery(patient)),
        Check("keys", lambda: look_at_keys(patient)),
        Check("browser", lambda: look_at_browser(patient)),
        Check("box", look_at_box),
        Check("page", lambda: look_at_page(patient)),
    )
