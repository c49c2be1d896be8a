"""The notification socket, as systemd serves it: paths and abstract names, and nothing without one."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cache import Notify


@pytest.fixture(params=["path", "abstract"])
def listening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.settimeout(30)
        if request.param == "path":
            sock.bind(str(tmp_path / "n"))
            yield sock, str(tmp_path / "n")
        else:
            sock.bind("")  # the kernel gives an abstract name (unix(7), autobind)
            yield sock, "@" + os.fsdecode(sock.getsockname()[1:])


def test_each_call_is_one_message(listening: tuple[socket.socket, str]) -> None:
    sock, address = listening
    notify = Notify.of({"NOTIFY_SOCKET": address})
    assert notify.ready()
    assert notify.watchdog()
    assert notify.status("showing ad\nno. 7  ü")
    assert notify.reloading(12)
    assert notify.stopping()
    assert [sock.recv(4096).decode() for _ in range(5)] == [
        "READY=1",
        "WATCHDOG=1",
        "STATUS=showing ad no. 7 ü",
        "RELOADING=1\nMONOTONIC_USEC=12",
        "STOPPING=1",
    ]


@pytest.mark.parametrize(
    "environ",
    [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "relative"}, {"NOTIFY_SOCKET": "vsock:2:1"}],
    ids=["none", "empty", "relative", "vsock"],
)
def test_without_a_socket_nothing_happens(environ: dict[str, str]) -> None:
    notify = Notify.of(environ)
    assert (notify.ready(), notify.watchdog(), notify.status("x"), notify.watchdog_s) == (False, False, False, None)


@pytest.mark.parametrize("address", ["/nowhere/socket", "/" + "x" * 300, "@nobody listens here", "@" + "x" * 300])
def test_a_socket_that_nobody_serves_is_endured(address: str) -> None:
    assert not Notify.of({"NOTIFY_SOCKET": address}).ready()


def test_a_full_socket_never_holds_up_the_sender(listening: tuple[socket.socket, str]) -> None:
    _, address = listening
    notify = Notify.of({"NOTIFY_SOCKET": address})
    while notify.watchdog():
        pass


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_between_two_signs_of_life(environ: dict[str, str], seconds: float | None) -> None:
    assert Notify.of({"NOTIFY_SOCKET": "/x", **environ}).watchdog_s == seconds


def test_who_listens() -> None:
    assert Notify("/run/systemd/notify").by_systemd
    assert not Notify("@0001f").by_systemd


def test_a_long_status_is_cut_between_two_letters(listening: tuple[socket.socket, str]) -> None:
    sock, address = listening
    assert Notify.of({"NOTIFY_SOCKET": address}).status("ü" * 1000)
    assert set(sock.recv(4096).decode().removeprefix("STATUS=")) == {"ü"}
