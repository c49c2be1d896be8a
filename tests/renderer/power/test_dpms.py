"""DPMS: by the kernel's connectors, by X, by a Wayland compositor's helper; each says when it cannot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import Code, OohError, Size
from renderer.power import KmsDpms, Wlopm, XDpms, _x11
from tests.renderer.power.fakes import FakeCard
from tests.renderer.window.xserver import XServer


def card() -> FakeCard:
    """One HDMI plug with a panel, one without."""
    return FakeCard({31: {1: (b"EDID", 7), 2: (b"DPMS", 0)}, 44: None})


def test_the_property_of_what_is_plugged_in_is_set() -> None:
    made = card()
    switch = KmsDpms(5, made.ioctl)
    assert switch.turn(on=False) == "off"
    assert made.connectors[31] == {1: (b"EDID", 7), 2: (b"DPMS", 3)}
    assert switch.turn(on=True) == "on"
    assert made.connectors[31] == {1: (b"EDID", 7), 2: (b"DPMS", 0)}


def test_two_panels_are_switched_together() -> None:
    made = FakeCard({31: {2: (b"DPMS", 0)}, 44: {2: (b"DPMS", 0)}})
    assert KmsDpms(5, made.ioctl).turn(on=False) == "off"
    assert [held and held[2][1] for held in made.connectors.values()] == [3, 3]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (FakeCard({31: {2: (b"DPMS", 0)}}, denied=True), "Permission denied"),
        (FakeCard({31: None}), "no display is connected"),
        (FakeCard({}), "no display is connected"),
    ],
    ids=["not master", "unplugged", "no connector"],
)
def test_what_the_kernel_refuses_is_told(made: FakeCard, why: str) -> None:
    with pytest.raises(OohError) as told:
        KmsDpms(5, made.ioctl).turn(on=False)
    assert (told.value.code, why in told.value.detail) == (Code.DISPLAY_NOT_SWITCHED, True)


def test_a_descriptor_that_is_no_card_is_told(tmp_path: Path) -> None:
    fd = os.open(tmp_path / "file", os.O_CREAT | os.O_RDWR)
    try:
        with pytest.raises(OohError):
            KmsDpms(fd).turn(on=False)
    finally:
        os.close(fd)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[XServer]:
    running = XServer(tmp_path, Size(320, 200))
    yield running
    running.stop()


def test_an_x_server_without_dpms_is_told(server: XServer) -> None:
    """Xvfb has no such extension: a real server says so, and the process lives on."""
    with pytest.raises(OohError) as told:
        XDpms(server.name).turn(on=False)
    assert told.value.detail == "this X server has no DPMS"


def test_an_x_server_that_is_not_there_is_told() -> None:
    with pytest.raises(OohError) as told:
        XDpms(":9999").turn(on=True)
    assert told.value.detail == "no X server answers"


SCRIPT = """#!/bin/sh
state="$(dirname "$0")/state"
case "$1" in
--off) echo off > "$state" ;;
--on) echo on > "$state" ;;
*) echo "HDMI-A-1 $(cat "$state")" ;;
esac
"""


def program(folder: Path, text: str) -> Path:
    """A helper of the test's own."""
    path = folder / "wlopm"
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_compositor_s_helper_is_asked(tmp_path: Path) -> None:
    switch = Wlopm(str(program(tmp_path, SCRIPT)))
    assert switch.turn(on=False) == "off"
    assert switch.turn(on=True) == "on"


@pytest.mark.parametrize(
    ("text", "why"), [("#!/bin/sh\necho no protocol >&2\nexit 1\n", "no protocol"), ("#!/bin/sh\nexit 3\n", "exit 3")]
)
def test_a_helper_that_fails_is_told(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(OohError) as told:
        Wlopm(str(program(tmp_path, text))).turn(on=False)
    assert why in told.value.detail


def test_a_helper_that_is_not_installed_is_told() -> None:
    with pytest.raises(OohError) as told:
        Wlopm("wlopm-that-is-not-there").turn(on=False)
    assert "not installed" in told.value.detail


def test_what_a_helper_says_in_other_words_is_unknown(tmp_path: Path) -> None:
    assert Wlopm(str(program(tmp_path, "#!/bin/sh\necho hm\n"))).turn(on=False) == "unknown"


class FakeX:
    """libX11 and libXext of a server that has DPMS; a forced level while it is disabled is an error there."""

    def __init__(self, *, mute: bool = False) -> None:
        self.level, self.enabled, self.timeouts, self.closed, self.mute = 0, False, (600, 600, 600), False, mute

    def XOpenDisplay(self, _: object) -> int:  # noqa: N802 - X's own names
        return 1

    def XCloseDisplay(self, _: object) -> None:  # noqa: N802
        self.closed = True

    def XSync(self, *_: object) -> None:  # noqa: N802
        """All is done at once."""

    def DPMSQueryExtension(self, *_: object) -> int:  # noqa: N802
        return 1

    def DPMSCapable(self, _: object) -> int:  # noqa: N802
        return 1

    def DPMSEnable(self, _: object) -> None:  # noqa: N802
        self.enabled = True

    def DPMSSetTimeouts(self, _: object, *timeouts: int) -> None:  # noqa: N802
        self.timeouts = timeouts  # type: ignore[assignment]

    def DPMSForceLevel(self, _: object, level: int) -> None:  # noqa: N802
        assert self.enabled, "BadMatch: Xlib would end the process"
        self.level = level

    def DPMSInfo(self, _: object, level: Any, state: Any) -> int:  # noqa: N802
        level._obj.value, state._obj.value = self.level, self.enabled
        return 0 if self.mute else 1


def test_an_x_server_with_dpms_is_switched_and_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    server = FakeX()
    monkeypatch.setattr(_x11, "_libraries", lambda: (server, server))
    assert XDpms(":7").turn(on=False) == "off"
    assert (server.level, server.timeouts, server.closed) == (3, (0, 0, 0), True)
    assert XDpms(":7").turn(on=True) == "on"
    assert server.level == 0


def test_an_x_server_that_does_not_tell_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    server = FakeX(mute=True)
    monkeypatch.setattr(_x11, "_libraries", lambda: (server, server))
    assert XDpms(":7").turn(on=False) == "unknown"
