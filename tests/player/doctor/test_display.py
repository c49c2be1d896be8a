"""What the doctor says of the display, and of who may open it."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cache import Board
from config import Config, ScreenConfig, SlotConfig
from player.doctor import Finding, User
from player.doctor._display import look_at_display, look_at_permissions
from player.doctor._rotation import look_at_rotation
from player.doctor._xserver import ask_x
from tests.fakes import FakeClock
from tests.player.doctor.patients import HDMI, HEALTHY, is_told, patient

NOTHING = replace(HEALTHY, connectors=())
UNPLUGGED = replace(HEALTHY, connectors=(replace(HDMI, status="disconnected", mode=None),))


def board(folder: Path, **keys: Any) -> None:
    """The screen runs: this process stands for it."""
    (folder / "run").mkdir(exist_ok=True)
    document = {"pid": os.getpid(), "driver": "KMSDRM", "size": "1920x1080", "display": "unknown", **keys}
    Board(folder / "run", "screen").write(document)


def test_no_graphics_device_is_told_with_the_line_that_turns_it_on(tmp_path: Path) -> None:
    assert is_told(look_at_display(patient(tmp_path, machine=NOTHING)), "fail", "no display", "dtoverlay=vc4-kms-v3d")


def test_nothing_plugged_in_names_the_connector(tmp_path: Path) -> None:
    assert is_told(look_at_display(patient(tmp_path, machine=UNPLUGGED)), "fail", "HDMI-A-1", "cable")


def test_a_plugged_in_display_is_good_before_the_screen_runs(tmp_path: Path) -> None:
    connector = tmp_path / "sys/class/drm/card0-HDMI-A-1"
    connector.mkdir(parents=True)
    (connector / "status").write_text("connected\n")
    assert is_told(look_at_display(patient(tmp_path)), "ok", "HDMI-A-1 (1920x1080)")


def test_a_screen_that_presents_is_good(tmp_path: Path) -> None:
    board(tmp_path, last_frame_ns=0)
    assert is_told(look_at_display(patient(tmp_path)), "ok", "1920x1080 by KMSDRM")


def test_a_screen_that_draws_into_memory_is_seen_by_nobody(tmp_path: Path) -> None:
    board(tmp_path, driver="offscreen")
    assert is_told(look_at_display(patient(tmp_path)), "warn", "into memory", "--headless")


def test_a_screen_whose_last_frame_is_old_fails(tmp_path: Path) -> None:
    board(tmp_path, last_frame_ns=0)
    late = patient(tmp_path, clock=FakeClock(mono_ns=300 * 10**9))
    assert is_told(look_at_display(late), "fail", "no frame was presented for 300 s", "restart")


def test_a_display_that_says_it_is_off_is_watched(tmp_path: Path) -> None:
    board(tmp_path, display="off", display_evidence="drm:HDMI-A-1:off")
    assert is_told(look_at_display(patient(tmp_path)), "warn", "HDMI-A-1:off", "power")


def test_a_dead_screens_board_counts_for_nothing(tmp_path: Path) -> None:
    board(tmp_path)
    Board(tmp_path / "run", "screen").write({"pid": 2**22 - 7, "driver": "KMSDRM"})
    assert is_told(look_at_display(patient(tmp_path, machine=UNPLUGGED)), "fail", "no display")


@pytest.fixture
def upright_x(tmp_path: Path) -> Iterator[str]:
    """An X server of portrait shape."""
    server = shutil.which("Xvfb")
    assert server, "the tests need Xvfb (apt-get install xvfb)"
    out, into = os.pipe()
    argv = (server, "-displayfd", str(into), "-screen", "0", "480x640x24", "-nolisten", "tcp")
    with subprocess.Popen(argv, pass_fds=(into,), stderr=subprocess.DEVNULL, cwd=tmp_path) as process:
        os.close(into)
        with os.fdopen(out) as number:
            display = f":{number.readline().strip()}"
        try:
            yield display
        finally:
            process.terminate()


def test_an_x_server_is_asked_whether_it_answers_and_how_large_it_is(tmp_path: Path, upright_x: str) -> None:
    told = look_at_display(patient(tmp_path, environ={"DISPLAY": upright_x}, machine=NOTHING))
    assert is_told(told, "ok", f"{upright_x} answers, 480x640")


def test_a_rotation_on_a_display_that_is_upright_already_is_watched(tmp_path: Path, upright_x: str) -> None:
    config = Config(screen=ScreenConfig(rotation=90))
    told = look_at_rotation(patient(tmp_path, config, environ={"DISPLAY": upright_x}, machine=NOTHING))
    assert is_told(told, "warn", "upright already (480x640); screen.rotation = 90 lays", "ooh-player pattern")


def test_a_rotation_that_the_desktop_has_done_already_fails(tmp_path: Path, upright_x: str) -> None:
    config = Config(screen=ScreenConfig(rotation=90))
    told = look_at_rotation(patient(tmp_path, config, environ={"DISPLAY": upright_x}))
    assert is_told(told, "fail", "turned twice: the desktop makes 1920x1080 into 480x640", "rotation = 0")


@pytest.mark.parametrize("display", [":61", "unix:61.0"])
def test_a_display_that_nobody_serves_fails(tmp_path: Path, display: str) -> None:
    environ = {"DISPLAY": display}
    x = ask_x(environ, tmp_path)
    assert x is not None
    assert x.state == "absent"


def test_an_x_server_on_another_machine_is_not_asked(tmp_path: Path) -> None:
    assert is_told(look_at_display(patient(tmp_path, environ={"DISPLAY": "far:0"})), "ok", "another machine")


@pytest.mark.parametrize("reply", [b"\x00\x03\x0b\x00\x00\x00\x01\x00No!\x00", b"", b"\x01"])
def test_an_x_server_that_refuses_or_breaks_off_lets_nobody_in(tmp_path: Path, reply: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X7"))
        server.listen(1)

        def serve() -> None:
            link, _ = server.accept()
            with link:
                link.recv(1000)
                link.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        found = ask_x({"DISPLAY": ":7"}, tmp_path)
        thread.join(60)
    assert found is not None
    assert found.state in {"refuses", "absent"}
    assert (found.state == "refuses") == (len(reply) > 8)


def test_the_cookie_of_this_display_is_shown(tmp_path: Path) -> None:
    def field(data: bytes) -> bytes:
        return struct.pack(">H", len(data)) + data

    cookie = bytes(range(16))
    entries = [(b"host", b"8", b"MIT-MAGIC-COOKIE-1", b"x" * 16), (b"host", b"7", b"MIT-MAGIC-COOKIE-1", cookie)]
    (tmp_path / "auth").write_bytes(b"".join(b"\x01\x00" + b"".join(map(field, entry)) for entry in entries))
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X7"))
        server.listen(1)

        def serve() -> None:
            link, _ = server.accept()
            with link:
                heard.append(link.recv(1000))

        thread = threading.Thread(target=serve)
        thread.start()
        ask_x({"DISPLAY": ":7", "XAUTHORITY": str(tmp_path / "auth")}, tmp_path)
        thread.join(60)
    assert heard[0].endswith(cookie)


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\x00\x00\x04ho", b"\xff" * 40])
def test_a_broken_cookie_file_is_no_cookie(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "auth").write_bytes(data)
    found = ask_x({"DISPLAY": ":7", "XAUTHORITY": str(tmp_path / "auth")}, tmp_path)
    assert found is not None
    assert found.state == "absent"


# What can be known of the rotation without eyes.


def rotation(folder: Path, **screen: Any) -> Finding:
    return look_at_rotation(patient(folder, Config(screen=ScreenConfig(**screen))))


def test_a_size_said_after_the_rotation_fails(tmp_path: Path) -> None:
    assert is_told(rotation(tmp_path, size="1080x1920"), "fail", "before the rotation", "screen.rotation = 90")


def test_another_size_than_the_displays_is_watched(tmp_path: Path) -> None:
    assert is_told(rotation(tmp_path, size="1280x720"), "warn", "1280x720, the display is 1920x1080", "auto")


def test_what_can_be_right_is_good_and_says_who_knows(tmp_path: Path) -> None:
    assert is_told(rotation(tmp_path, rotation=270), "ok", "1920x1080 turned by 270° to 1080x1920; which way is up")


@pytest.mark.parametrize(
    ("size", "rotation", "grade"), [((40, 80), 0, "warn"), ((40, 80), 90, "ok"), ((80, 40), 270, "warn")]
)
def test_house_ads_of_the_other_shape_are_a_hint(
    tmp_path: Path, size: tuple[int, int], rotation: int, grade: str
) -> None:
    (tmp_path / "house").mkdir()
    for number in range(4):
        Image.new("RGB", size).save(tmp_path / f"house/{number}.png")
    (tmp_path / "house/readme.txt").write_text("no picture")
    slot = SlotConfig("house", creatives=(str(tmp_path / "house"),))
    config = Config(screen=ScreenConfig(rotation=rotation), loop=(slot,))  # type: ignore[arg-type]
    assert is_told(look_at_rotation(patient(tmp_path, config)), grade, "" if grade == "ok" else "the house ads are")


# Rights.


def test_a_user_outside_the_groups_of_the_display_is_told_the_command(tmp_path: Path) -> None:
    told = look_at_permissions(patient(tmp_path, user=User("kiosk", 12345, frozenset({12345}))))
    assert is_told(told, "warn", "kiosk is not in video", "usermod -aG video")


def test_under_x_no_group_is_needed(tmp_path: Path) -> None:
    user = User("kiosk", 12345, frozenset())
    assert is_told(look_at_permissions(patient(tmp_path, user=user, environ={"DISPLAY": ":0"})), "ok", "nothing more")
