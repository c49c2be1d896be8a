"""CEC: the messages on the bus, a TV that answers, one that does not, and a cable without any."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Code, OohError
from renderer.power import Cec, find_switch
from renderer.power._cec import cec_devices
from tests.renderer.power.fakes import FakeBus


@pytest.fixture
def device(tmp_path: Path) -> Path:
    path = tmp_path / "cec0"
    path.touch()
    return path


def test_off_is_one_message_and_the_tv_is_asked(device: Path) -> None:
    bus = FakeBus(tv=0)
    assert Cec(device, bus.ioctl).turn(on=False) == "off"
    assert bus.sent == [bytes((0x40, 0x36)), bytes((0x40, 0x8F))]


def test_on_wakes_it_and_takes_its_picture(device: Path) -> None:
    """Image View On to the TV; Active Source, with our physical address, to everybody."""
    bus = FakeBus(tv=1, physical=0x2100)
    assert Cec(device, bus.ioctl).turn(on=True) == "on"
    assert bus.sent == [bytes((0x40, 0x04)), bytes((0x4F, 0x82, 0x21, 0x00)), bytes((0x40, 0x8F))]


def test_an_address_that_somebody_took_before_is_used(device: Path) -> None:
    bus = FakeBus(mask=1 << 4, can=0)
    assert Cec(device, bus.ioctl).turn(on=True) == "on"


def test_a_tv_that_does_not_say_is_unknown(device: Path) -> None:
    assert Cec(device, FakeBus(deaf=True).ioctl).turn(on=False) == "unknown"


@pytest.mark.parametrize(("status", "state"), [(0, "on"), (1, "off"), (2, "on"), (3, "off"), (9, "unknown")])
def test_power_status(device: Path, status: int, state: str) -> None:
    class Stubborn(FakeBus):
        def ioctl(self, fd: int, request: int, data: bytearray) -> None:
            self.tv = status
            super().ioctl(fd, request, data)

    assert Cec(device, Stubborn().ioctl).turn(on=True) == state


@pytest.mark.parametrize(
    ("bus", "why"),
    [
        (FakeBus(physical=0xFFFF), "no TV is connected"),
        (FakeBus(tv=None), "message 36: nobody took it"),
        (FakeBus(can=0), "cannot send"),
    ],
    ids=["no cable", "no answer", "no right"],
)
def test_what_cannot_be_done_is_told(device: Path, bus: FakeBus, why: str) -> None:
    with pytest.raises(OohError) as told:
        Cec(device, bus.ioctl).turn(on=False)
    assert told.value.code is Code.DISPLAY_NOT_SWITCHED
    assert why in told.value.detail


def test_a_device_that_is_gone_or_is_no_adapter_is_told(tmp_path: Path, device: Path) -> None:
    for path in (tmp_path / "cec7", device):  # the second is a plain file: ENOTTY
        with pytest.raises(OohError) as told:
            Cec(path).turn(on=False)
        assert told.value.code is Code.DISPLAY_NOT_SWITCHED


def test_adapters_are_found_in_their_order(tmp_path: Path) -> None:
    for name in ("cec1", "cec0", "ceci", "tty0"):
        (tmp_path / name).touch()
    assert [path.name for path in cec_devices(tmp_path)] == ["cec0", "cec1"]


@pytest.mark.parametrize(
    ("kind", "driver", "adapter", "found"),
    [
        ("auto", "kmsdrm", True, "cec"),
        ("auto", "kmsdrm", False, "dpms"),
        ("auto", "x11", True, "cec"),
        ("auto", "x11", False, "dpms"),
        ("auto", "wayland", False, "dpms"),
        ("auto", "offscreen", True, None),
        ("cec", "x11", False, "cec"),
        ("dpms", "x11", True, "dpms"),
        ("none", "kmsdrm", True, None),
    ],
)
def test_which_way_a_display_is_switched(
    tmp_path: Path, kind: str, driver: str, adapter: bool, found: str | None
) -> None:
    if adapter:
        (tmp_path / "cec0").touch()
    switch = find_switch(kind, driver, 3 if driver == "kmsdrm" else None, tmp_path)  # type: ignore[arg-type]
    assert (switch.name if switch is not None else None) == found


def test_without_its_descriptor_the_kernel_cannot_be_asked(tmp_path: Path) -> None:
    assert find_switch("auto", "kmsdrm", None, tmp_path) is None
